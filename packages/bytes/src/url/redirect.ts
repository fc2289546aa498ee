import type { Address } from './address.ts';
import { showAddress } from './address.ts';
import type { Fetch, UrlOptions } from './options.ts';
import { io } from './refusal.ts';

const REDIRECTS: readonly number[] = [301, 302, 303, 307, 308];
const MOST = 10;

/** The answer to a request, and who gave it in the end. */
export interface Answered {
  readonly response: Response;
  readonly url: URL;
}

/**
 * Asks and follows where the server leads, by hand: so that what was meant for one host is never sent to another, and
 * each address is looked at before it is asked.
 */
export async function follow(
  from: URL,
  asked: { readonly [name: string]: string },
  address: Address,
  options: UrlOptions,
  signal: AbortSignal,
): Promise<Answered> {
  const fetch: Fetch = options.fetch ?? globalThis.fetch;
  const secrets = secretsOf(address, options);
  let url = from;
  let trusted = url.origin === address.url.origin;
  for (let hops = 0; hops <= MOST; hops++) {
    if ((await options.allow?.(url)) === false)
      throw io(`${showAddress(url)} is not allowed.`, address.shown);
    const headers = trusted ? { ...secrets, ...asked } : asked;
    const response = await fetch(url.href, { headers, redirect: 'manual', signal });
    if (response.type === 'opaqueredirect') return followBlindly(url, headers, address, options, signal);
    if (!REDIRECTS.includes(response.status)) return { response, url };
    await response.body?.cancel();
    url = nextAddress(response.headers.get('location'), url, address.shown);
    trusted &&= url.origin === address.url.origin;
  }
  throw io(`${address.shown} leads on and on; after ${MOST} addresses nobody has the file.`, address.shown);
}

function secretsOf({ authorization }: Address, { headers }: UrlOptions): { [name: string]: string } {
  return { ...(authorization === undefined ? {} : { authorization }), ...headers };
}

/** A browser does not say where it is led. It may follow, as long as there is nothing that must not come along. */
async function followBlindly(
  url: URL,
  headers: { readonly [name: string]: string },
  address: Address,
  options: UrlOptions,
  signal: AbortSignal,
): Promise<Answered> {
  if (options.allow !== undefined || Object.keys(secretsOf(address, options)).length > 0) {
    throw io(
      `${address.shown} leads to another address, which a browser does not tell; name that address instead.`,
      address.shown,
    );
  }
  const fetch: Fetch = options.fetch ?? globalThis.fetch;
  return { response: await fetch(url.href, { headers, redirect: 'follow', signal }), url };
}

function nextAddress(location: string | null, from: URL, shown: string): URL {
  if (location === null) throw io(`${shown} has moved, and its server does not say where.`, shown);
  let url: URL;
  try {
    url = new URL(location, from);
  } catch (cause) {
    throw io(`${shown} leads to something that is no address.`, shown, cause);
  }
  const known = url.protocol === 'https:' || url.protocol === 'http:';
  if (!known || (from.protocol === 'https:' && url.protocol === 'http:')) {
    throw io(`${shown} leads from ${from.protocol} to ${url.protocol}, which is not followed.`, shown);
  }
  url.username = '';
  url.password = '';
  url.hash = '';
  return url;
}
