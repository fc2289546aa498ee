/** The part of `fetch` that is needed; a caller can lend another one, with a proxy or with bounds of its own. */
export type Fetch = (
  address: string,
  init: {
    readonly headers: { readonly [name: string]: string };
    readonly redirect: 'manual' | 'follow';
    readonly signal: AbortSignal;
  },
) => Promise<Response>;

/** How a file on a server is asked for. */
export interface UrlOptions {
  readonly fetch?: Fetch | undefined;
  /** Sent to the host of the address, and to no other that it may lead to. */
  readonly headers?: { readonly [name: string]: string } | undefined;
  /** Ends every request, now and later. */
  readonly signal?: AbortSignal | undefined;
  /** Asked before each request, also for the addresses that a server leads to; `false` refuses. */
  readonly allow?: ((address: URL) => boolean | Promise<boolean>) | undefined;
  /** How often a request that failed for a passing reason is made again; 4 times unless told otherwise. */
  readonly retries?: number | undefined;
  /** Milliseconds before the first repetition; doubles with each. */
  readonly delay?: number | undefined;
  /** Milliseconds without a byte after which a request has failed. */
  readonly patience?: number | undefined;
}

/** The defaults of what a caller may leave out. */
export const usual = { retries: 4, delay: 250, patience: 60_000 } as const;
