// The smallest server that does what every file server, bucket and registry does: parts of files, and a mark that
// changes with the file. For examples and tests on one machine; it checks no names and knows no users.
import fs from 'node:fs';
import http from 'node:http';
import { join, normalize } from 'node:path';

/**
 * @param {string} folder
 * @returns {Promise<{ address: string, sent: () => number, close: () => Promise<void> }>}
 */
export async function serve(folder) {
  let sent = 0;
  const server = http.createServer((request, response) => {
    const path = join(
      folder,
      normalize(decodeURIComponent(new URL(request.url ?? '', 'http://host').pathname)),
    );
    const stats = fs.statSync(path, { throwIfNoEntry: false });
    if (stats?.isFile() !== true) return void response.writeHead(404).end();
    const [, from = '', to = ''] = /^bytes=(\d*)-(\d*)$/.exec(request.headers.range ?? 'bytes=0-') ?? [];
    const start = from === '' ? Math.max(0, stats.size - Number(to)) : Number(from);
    const end = from === '' || to === '' ? stats.size - 1 : Math.min(Number(to), stats.size - 1);
    if (start > end) return void response.writeHead(416, { 'content-range': `bytes */${stats.size}` }).end();
    response.writeHead(206, {
      etag: `"${stats.mtimeMs}-${stats.size}"`,
      'content-length': end - start + 1,
      'content-range': `bytes ${start}-${end}/${stats.size}`,
    });
    sent += end - start + 1;
    fs.createReadStream(path, { start, end }).pipe(response);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  const bound = server.address();
  const port = typeof bound === 'object' && bound !== null ? bound.port : 0;
  return {
    address: `http://127.0.0.1:${port}/`,
    sent: () => sent,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
