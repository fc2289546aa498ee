/** Where a file lies, without the secrets that an address can hold. */
export interface Address {
  /** Without name, password and fragment. */
  readonly url: URL;
  /** For people and logs: without name, password and query, which may hold a signature. */
  readonly shown: string;
  /** The header that name and password become. */
  readonly authorization: string | undefined;
}

/** Splits an address. What is no http address is a mistake of the caller. */
export function parseAddress(text: string | URL): Address {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw new TypeError(`${JSON.stringify(String(text))} is no address`);
  }
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    throw new TypeError(`${url.protocol} addresses are not read; only https: and http: are`);
  }
  const { username, password } = url;
  url.username = '';
  url.password = '';
  url.hash = '';
  const named = username !== '' || password !== '';
  return { url, shown: showAddress(url), authorization: named ? basic(username, password) : undefined };
}

/** An address as it may be printed. */
export function showAddress({ origin, pathname, search }: URL): string {
  return `${origin}${pathname}${search === '' ? '' : '?…'}`;
}

function basic(username: string, password: string): string {
  const pair = new TextEncoder().encode(`${unescaped(username)}:${unescaped(password)}`);
  return `Basic ${btoa(String.fromCharCode(...pair))}`;
}

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
