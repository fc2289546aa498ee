import fs from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import nodePath from 'node:path';

/** A real server of a folder on this machine, as any plain file server is, that counts what it sends. */
export interface RangeServer {
  /** Ends in a slash. */
  readonly address: string;
  /** Requests since the last `forget`: method, path and range. */
  readonly requests: readonly string[];
  /** Bytes of bodies sent since the last `forget`. */
  readonly sent: number;
  forget(): void;
  close(): Promise<void>;
}

/** Serves the files of a folder with ranges, suffix ranges and ETags. */
export async function rangeServer(folder: string): Promise<RangeServer> {
  const requests: string[] = [];
  let sent = 0;
  const server = http.createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url!, 'http://host').pathname);
    requests.push(`${request.method} ${path} ${request.headers.range ?? ''}`.trimEnd());
    const whole = nodePath.join(folder, path);
    const stats = fs.statSync(whole, { throwIfNoEntry: false });
    if (stats?.isFile() !== true) return void response.writeHead(404).end();
    const range = rangeOf(request.headers.range, stats.size);
    const headers = { etag: `"${stats.mtimeMs}-${stats.size}"`, 'accept-ranges': 'bytes' };
    if (range === undefined) {
      return void response.writeHead(416, { 'content-range': `bytes */${stats.size}` }).end();
    }
    const [start, end] = range;
    response.writeHead(request.headers.range === undefined ? 200 : 206, {
      ...headers,
      'content-length': end - start + 1,
      'content-range': `bytes ${start}-${end}/${stats.size}`,
    });
    fs.createReadStream(whole, { start, end })
      .on('data', (bytes) => {
        sent += bytes.length;
      })
      .pipe(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    get requests() {
      return requests;
    },
    get sent() {
      return sent;
    },
    forget() {
      requests.length = 0;
      sent = 0;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** First and last byte of a range, both included; `undefined` where there is none such. */
function rangeOf(header: string | undefined, size: number): readonly [number, number] | undefined {
  const [, from = '', to = ''] = /^bytes=(\d*)-(\d*)$/.exec(header ?? 'bytes=0-')!;
  const first = from === '' ? Math.max(0, size - Number(to)) : Number(from);
  const last = from === '' || to === '' ? size - 1 : Math.min(Number(to), size - 1);
  return first <= last ? [first, last] : undefined;
}
