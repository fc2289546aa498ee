import type { Fetch } from '../src/index.ts';

/** One request that a fake server got. */
export interface Asked {
  readonly address: string;
  readonly headers: { readonly [name: string]: string };
}

/** What a fake server does with a request; `undefined` leaves it to the usual answer. */
export type Behaviour = (asked: Asked, count: number) => Response | undefined;

/** A server of one file, without a network: it answers ranges as RFC 9110 says, except where told otherwise. */
export function fakeServer(
  bytes: Uint8Array,
  behave: Behaviour = () => undefined,
  headers: { [name: string]: string } = { etag: '"one"' },
): { readonly fetch: Fetch; readonly asked: Asked[] } {
  const asked: Asked[] = [];
  return {
    asked,
    async fetch(address, { headers: sent, signal }) {
      signal.throwIfAborted();
      const request = { address, headers: sent };
      asked.push(request);
      return behave(request, asked.length) ?? partial(bytes, sent.range!, headers);
    },
  };
}

/** The answer to a range, with whatever headers. */
export function partial(
  bytes: Uint8Array,
  range: string,
  headers: { readonly [name: string]: string } = {},
): Response {
  const [, from = '', to = ''] = /^bytes=(\d*)-(\d*)$/.exec(range)!;
  const { length } = bytes;
  const first = from === '' ? Math.max(0, length - Number(to)) : Number(from);
  const last = from === '' || to === '' ? length - 1 : Math.min(Number(to), length - 1);
  if (first > last)
    return new Response(null, { status: 416, headers: { 'content-range': `bytes */${length}` } });
  return new Response(new Uint8Array(bytes.subarray(first, last + 1)), {
    status: 206,
    headers: { 'content-range': `bytes ${first}-${last}/${length}`, ...headers },
  });
}

/** An answer that leads elsewhere. */
export function leadTo(location: string): Response {
  return new Response(null, { status: 302, headers: { location } });
}
