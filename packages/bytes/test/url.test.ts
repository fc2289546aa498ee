import { describe, expect, test } from 'vitest';
import { type Fetch, fromUrl, fromUrlFolder, isTorshError, type UrlOptions } from '../src/index.ts';
import { type Behaviour, fakeServer, leadTo, partial } from './fake-server.ts';

const MiB = 2 ** 20;
const HERE = 'https://models.example/a/model.torsh';
const pattern = (length: number) =>
  Uint8Array.from({ length }, (_, index) => (index * 31 + (index >> 8)) & 0xff);
const whole = pattern(2 * MiB);

async function opened(behave?: Behaviour, options: UrlOptions = {}, address = HERE) {
  const server = fakeServer(whole, behave);
  const source = await fromUrl(address, { fetch: server.fetch, delay: 1, ...options });
  return { source, ...server };
}

function code(work: Promise<unknown>): Promise<string | undefined> {
  return work.then(
    () => 'no error',
    (error: unknown) => (isTorshError(error) ? error.code : String(error)),
  );
}

describe('reading', () => {
  test('gives the bytes of the file, wherever a read lies', async () => {
    const { source } = await opened();
    expect(source.size).toBe(whole.length);
    for (const [offset, length] of [
      [0, 30],
      [20, 9000],
      [8000, 400],
      [whole.length - 10, 10],
      [whole.length - 200_000, 200_000],
      [1_000_000, 300_000],
      [5, 0],
      [0, whole.length],
    ] as const) {
      const bytes = await source.read(offset, length);
      expect(Buffer.compare(bytes, whole.subarray(offset, offset + length)), `${offset}+${length}`).toBe(0);
    }
    expect(await code(source.read(whole.length - 1, 2))).toBe('truncated');
  });

  test('asks for the end first, and not again for what it has', async () => {
    const { source, asked } = await opened();
    await source.read(whole.length - 100_000, 100_000);
    await source.read(0, 30);
    await source.read(100, 4000);
    expect(asked.map(({ headers }) => headers.range)).toEqual(['bytes=-114688', 'bytes=0-8191']);
    await source.read(500_000, 100_000);
    expect(asked.at(-1)!.headers.range).toBe('bytes=500000-599999');
    await source.read(whole.length - 120_000, 120_000);
    expect(asked.at(-1)!.headers.range).toBe(`bytes=${whole.length - 120_000}-${whole.length - 114_689}`);
  });

  test('reads ahead of somebody who goes on and on', async () => {
    const { source, asked } = await opened();
    for (let at = 0; at < MiB; at += 1000) await source.read(at, 1000);
    expect(asked.length).toBeLessThan(12);
  });

  test('joins what it has of several answers, and asks for the rest only', async () => {
    const { source, asked } = await opened();
    for (const [offset, length] of [
      [0, 10],
      [8192, 20_000],
      [0, 40_000],
    ] as const)
      expect(Buffer.compare(await source.read(offset, length), whole.subarray(offset, offset + length))).toBe(
        0,
      );
    expect(asked.map(({ headers }) => headers.range).slice(1)).toEqual([
      'bytes=0-8191',
      'bytes=8192-28191',
      'bytes=28192-39999',
    ]);
  });

  test('asks once for what several want at the same time', async () => {
    const { source, asked } = await opened();
    await Promise.all([0, 0, 0].map((at) => source.read(at, 100)));
    expect(asked.length).toBe(2);
  });

  test('takes a file that is small, or empty, in one request', async () => {
    for (const bytes of [pattern(1000), new Uint8Array(0)]) {
      const { fetch, asked } = fakeServer(bytes);
      const source = await fromUrl(HERE, { fetch });
      expect(Buffer.compare(await source.read(0, source.size), bytes)).toBe(0);
      expect(asked.length).toBe(1);
    }
  });

  test('takes shorter parts than it asked for', async () => {
    const { source } = await opened(({ headers }) => {
      const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(headers.range!) ?? [];
      if (first === undefined) return undefined;
      return partial(whole, `bytes=${first}-${Math.min(Number(last), Number(first) + 4095)}`);
    });
    expect(Buffer.compare(await source.read(10, 20_000), whole.subarray(10, 20_010))).toBe(0);
  });
});

describe('servers without ranges', () => {
  const plain = (bytes: Uint8Array, headers = {}) => new Response(new Uint8Array(bytes), { headers });

  test('a small file is taken whole', async () => {
    const { source, asked } = await opened(() => plain(whole));
    expect(Buffer.compare(await source.read(7, 500), whole.subarray(7, 507))).toBe(0);
    expect(asked.length).toBe(1);
  });

  test('a large one is refused before it is downloaded', async () => {
    const large = () => plain(whole, { 'content-length': String(9 * MiB) });
    expect(await code(opened(large))).toBe('io');
    const endless: Behaviour = () =>
      new Response(new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(MiB)) }));
    expect(await code(opened(endless))).toBe('io');
  });

  test('a server that only counts from the start is asked so', async () => {
    const { source, asked } = await opened(({ headers }) =>
      headers.range!.startsWith('bytes=-') ? plain(whole, { 'content-length': String(9 * MiB) }) : undefined,
    );
    expect(source.size).toBe(whole.length);
    expect(asked.length).toBe(3);
    await source.read(whole.length - 10, 10);
    expect(asked.length).toBe(3);
  });

  test('it may say so with an error', async () => {
    for (const status of [400, 416]) {
      const { source, asked } = await opened(({ headers }) =>
        headers.range!.startsWith('bytes=-') ? new Response(null, { status }) : undefined,
      );
      expect(source.size).toBe(whole.length);
      expect(asked.map(({ headers }) => headers.range)[1]).toMatch(/^bytes=0-/);
    }
    const failed = opened(() => new Response(null, { status: 416 }));
    expect(await code(failed)).toBe('io');
  });

  test('a file that is shorter than the end that was asked for is no error', async () => {
    const short = pattern(1000);
    const { fetch } = fakeServer(short, ({ headers }) =>
      headers.range!.startsWith('bytes=-')
        ? new Response(null, { status: 416, headers: { 'content-range': `bytes */${short.length}` } })
        : undefined,
    );
    const source = await fromUrl(HERE, { fetch });
    expect(Buffer.compare(await source.read(0, source.size), short)).toBe(0);
  });

  test('a large one without a length is called what it is', async () => {
    const endless: Behaviour = () =>
      new Response(new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(MiB)) }));
    await expect(opened(endless)).rejects.toThrow(/whole files only/);
  });

  test('compressed answers are refused', async () => {
    const zipped = () => partial(whole, 'bytes=-100', { 'content-encoding': 'gzip' });
    expect(await code(opened(zipped))).toBe('io');
    expect(await code(opened(() => plain(whole, { 'content-encoding': 'br' })))).toBe('io');
  });
});

describe('a file that changes', () => {
  test.each([
    ['another ETag', () => partial(whole, 'bytes=0-8191', { etag: '"two"' })],
    ['another size', () => partial(whole.subarray(1), 'bytes=0-8191', { etag: '"one"' })],
    ['all of it, because the condition failed', () => new Response(new Uint8Array(whole))],
    ['a failed condition', () => new Response(null, { status: 412 })],
    ['a file that has become shorter', () => new Response(null, { status: 416 })],
  ])('%s is an error', async (_, answer) => {
    const { source, asked } = await opened((_asked, count) => (count > 1 ? answer() : undefined));
    expect(await code(source.read(0, 100))).toBe('io');
    expect(asked.length).toBe(2);
    expect(asked[1]!.headers['if-range']).toBe('"one"');
  });

  test('a weak ETag is compared, and not sent as a condition', async () => {
    const server = fakeServer(whole, undefined, {
      etag: 'W/"x"',
      'last-modified': 'Sat, 21 Nov 2026 10:00:00 GMT',
    });
    const source = await fromUrl(HERE, { fetch: server.fetch });
    await source.read(0, 100);
    expect(server.asked[1]!.headers['if-range']).toBeUndefined();
  });

  test('a date is a condition where there is no ETag', async () => {
    const date = 'Sat, 21 Nov 2026 10:00:00 GMT';
    const server = fakeServer(whole, undefined, { 'last-modified': date });
    const source = await fromUrl(HERE, { fetch: server.fetch });
    await source.read(0, 100);
    expect(server.asked[1]!.headers['if-range']).toBe(date);
  });
});

describe('failures', () => {
  test.each([
    [404, 'not-found'],
    [410, 'not-found'],
    [401, 'io'],
    [403, 'io'],
    [501, 'io'],
    [418, 'io'],
    [204, 'io'],
  ])('status %i ends it at once', async (status, expected) => {
    const { fetch, asked } = fakeServer(whole, () => new Response(null, { status }));
    expect(await code(fromUrl(HERE, { fetch, delay: 1 }))).toBe(expected);
    expect(asked.length).toBe(1);
  });

  test.each([408, 429, 500, 502, 503, 504])('status %i is asked again, but not for ever', async (status) => {
    const failing = (times: number) =>
      fakeServer(whole, (_, count) => (count <= times ? new Response(null, { status }) : undefined));
    const passing = failing(4);
    await fromUrl(HERE, { fetch: passing.fetch, delay: 1 });
    expect(passing.asked.length).toBe(5);
    const lasting = failing(99);
    expect(await code(fromUrl(HERE, { fetch: lasting.fetch, delay: 1, retries: 2 }))).toBe('io');
    expect(lasting.asked.length).toBe(3);
  });

  test('waits as long as the server asks, within bounds', async () => {
    const began = performance.now();
    const { source } = await opened((_, count) =>
      count === 1 ? new Response(null, { status: 503, headers: { 'retry-after': '1' } }) : undefined,
    );
    expect(source.size).toBe(whole.length);
    expect(performance.now() - began).toBeGreaterThan(900);
  });

  test('a connection that breaks off, or fails, is tried again', async () => {
    const { source, asked } = await opened((_, count) => {
      if (count === 2) throw new TypeError('fetch failed', { cause: new Error('read ECONNRESET') });
      if (count !== 3) return undefined;
      const headers = { 'content-range': `bytes 0-8191/${whole.length}` };
      return new Response(new Uint8Array(100), { status: 206, headers });
    });
    expect(Buffer.compare(await source.read(0, 100), whole.subarray(0, 100))).toBe(0);
    expect(asked.length).toBe(4);
  });

  test('silence is a failure', async () => {
    const fetch: Fetch = (_, { signal }) =>
      new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    expect(await code(fromUrl(HERE, { fetch, delay: 1, retries: 1, patience: 10 }))).toBe('io');
  });

  test('lies about the range are errors', async () => {
    const lies: { [name: string]: string }[] = [
      {},
      { 'content-range': 'bytes 0-99/*' },
      { 'content-range': 'bytes 99-0/1000' },
      { 'content-range': 'bytes 0-99/50' },
      { 'content-range': 'bytes 0-99/99999999999999999999' },
      { 'content-range': 'bytes 0-99/1000' },
      { 'content-range': `bytes 0-${whole.length - 1}/${whole.length}` },
      { 'content-type': 'multipart/byteranges; boundary=x' },
    ];
    for (const headers of lies) {
      const { fetch, asked } = fakeServer(
        whole,
        () => new Response(new Uint8Array(100), { status: 206, headers }),
      );
      expect(await code(fromUrl(HERE, { fetch, delay: 1 })), JSON.stringify(headers)).toBe('io');
      expect(asked.length).toBe(1);
    }
    const more = new Response(new Uint8Array(101), {
      status: 206,
      headers: { 'content-range': 'bytes 900-999/1000' },
    });
    expect(await code(fromUrl(HERE, { fetch: fakeServer(whole, () => more).fetch }))).toBe('io');
  });

  test('an abort is its reason, untouched, and stops waiting', async () => {
    const stop = new AbortController();
    const reason = new Error('enough');
    const { fetch, asked } = fakeServer(whole, () => {
      setTimeout(() => stop.abort(reason), 5);
      return new Response(null, { status: 503 });
    });
    await expect(fromUrl(HERE, { fetch, signal: stop.signal, delay: 60_000 })).rejects.toBe(reason);
    expect(asked.length).toBe(1);

    const { source } = await opened();
    await expect(source.read(0, 5000, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });
});

describe('other addresses', () => {
  const elsewhere = 'https://cdn.example/blob?signature=secret';

  test('what was meant for one host is not sent to another', async () => {
    const headers = { authorization: 'Bearer token', 'x-key': 'k' };
    const { source, asked } = await opened(
      ({ address }) => (address === HERE ? leadTo(elsewhere) : undefined),
      {
        headers,
      },
    );
    expect(asked.map(({ address }) => address)).toEqual([HERE, elsewhere]);
    expect(asked[0]!.headers).toMatchObject(headers);
    expect(Object.keys(asked[1]!.headers).sort()).toEqual(['accept-encoding', 'range']);
    await source.read(0, 100);
    expect(asked[2]!.address).toBe(elsewhere);
    expect(source.address).toBe(HERE);
  });

  test('it is not sent on the way back either', async () => {
    const back = 'https://models.example/b';
    const { asked } = await opened(
      ({ address }) =>
        address === HERE ? leadTo(elsewhere) : address === elsewhere ? leadTo(back) : undefined,
      { headers: { 'x-key': 'k' } },
    );
    expect(asked[2]!.address).toBe(back);
    expect(asked[2]!.headers).not.toHaveProperty('x-key');
  });

  test('a signed address that has ended is asked for again', async () => {
    let signature = 1;
    const { source, asked } = await opened(({ address }) => {
      if (address === HERE) return leadTo(`https://cdn.example/blob?signature=${signature}`);
      return address.endsWith(`=${signature}`) ? undefined : new Response(null, { status: 403 });
    });
    signature = 2;
    expect(Buffer.compare(await source.read(0, 100), whole.subarray(0, 100))).toBe(0);
    expect(asked.length).toBe(5);
  });

  test.each([
    ['to an unencrypted address', 'http://models.example/x'],
    ['to a file', 'file:///etc/passwd'],
    ['in circles', HERE],
    ['to nonsense', 'https://[x'],
  ])('a way %s is not followed', async (_, location) => {
    expect(await code(opened(() => leadTo(location)))).toBe('io');
  });

  test('whoever calls can refuse any of them', async () => {
    const seen: string[] = [];
    const allow = (url: URL) => {
      seen.push(url.hostname);
      return url.hostname === 'models.example';
    };
    const { fetch, asked } = fakeServer(whole, () => leadTo('https://169.254.169.254/latest/meta-data'));
    expect(await code(fromUrl(HERE, { fetch, allow }))).toBe('io');
    expect(seen).toEqual(['models.example', '169.254.169.254']);
    expect(asked.length).toBe(1);
  });

  test('a browser that hides the way may go it, if there is no secret', async () => {
    const hidden: Fetch = async (_, { redirect, headers }) =>
      redirect === 'manual'
        ? Object.defineProperty(new Response(), 'type', { value: 'opaqueredirect' })
        : partial(whole, headers.range!);
    expect((await fromUrl(HERE, { fetch: hidden })).size).toBe(whole.length);
    expect(await code(fromUrl(HERE, { fetch: hidden, headers: { 'x-key': 'k' } }))).toBe('io');
  });

  test('name and password become a header, and are never shown', async () => {
    const { source, asked } = await opened(
      undefined,
      {},
      'https://us%C3%A9r:p%40ss@models.example/a?key=secret#part',
    );
    expect(asked[0]!.address).toBe('https://models.example/a?key=secret');
    expect(asked[0]!.headers.authorization).toBe(`Basic ${Buffer.from('usér:p@ss').toString('base64')}`);
    expect(source.address).toBe('https://models.example/a?…');
    const failed = fromUrl('https://me:word@models.example/a?key=secret', {
      fetch: fakeServer(whole, () => new Response(null, { status: 403 })).fetch,
    });
    await expect(failed).rejects.toSatisfy((error: Error) => !/word|secret/.test(error.message));
  });

  test('what is no http address is a mistake', async () => {
    for (const address of ['ftp://a/b', 'model.torsh', 'file:///a', ''])
      await expect(fromUrl(address)).rejects.toThrow(TypeError);
  });
});

describe('a file with its neighbours', () => {
  test('opens them below the same address, with the same headers, without the query', async () => {
    const { fetch, asked } = fakeServer(whole, ({ address }) =>
      address.endsWith('/absent') ? new Response(null, { status: 404 }) : undefined,
    );
    const folder = await fromUrlFolder('https://models.example/a%20b/model.index.json?sig=1', {
      fetch,
      headers: { 'x-key': 'k' },
    });
    expect(folder.entry).toBe('model.index.json');
    expect(await folder.open(folder.entry)).toBe(folder.source);
    expect((await folder.open('sub/a#b?.bin'))!.size).toBe(whole.length);
    expect(asked[1]!.address).toBe('https://models.example/a%20b/sub/a%23b%3F.bin');
    expect(asked[1]!.headers['x-key']).toBe('k');
    expect(await folder.open('absent')).toBeUndefined();
    for (const path of ['../secret', '/etc/passwd', 'a/../../b', 'https://evil.example/x'])
      expect(await code(folder.open(path)), path).toMatch(/unsafe|no error/);
    expect(asked.every(({ address }) => address.startsWith('https://models.example/a%20b/'))).toBe(true);
    const listed = [];
    for await (const file of folder.list()) listed.push(file);
    expect(listed).toEqual([{ path: 'model.index.json', size: whole.length }]);
  });

  test('the name of the file is one name', async () => {
    const { fetch } = fakeServer(whole);
    for (const [address, name] of [
      ['https://models.example/', 'models.example'],
      ['https://models.example/a%2Fb.pt', 'a_b.pt'],
      ['https://models.example/%2e%2e', 'models.example'],
      ['https://models.example/%ff.pt', '%ff.pt'],
      ['https://models.example/%C3%A9.pt?x', 'é.pt'],
    ] as const)
      expect((await fromUrlFolder(address, { fetch })).entry).toBe(name);
  });
});
