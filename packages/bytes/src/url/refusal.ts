import { TorshError } from '../errors.ts';

/** What each status of a server means for somebody who wants to read a file. */
export function statusError(status: number, shown: string): TorshError {
  const place = { path: shown };
  switch (status) {
    case 404:
    case 410:
      return new TorshError('not-found', `There is no file ${shown} (status ${status}).`, place);
    case 401:
    case 403:
    case 407:
      return io(
        `${shown} may not be read (status ${status}): it needs credentials, or others, or a new signed address.`,
        shown,
      );
    case 412:
      return changed(shown);
    case 429:
      return io(`${shown} was asked for too often (status 429). Wait a little and try again.`, shown);
    default:
      return status >= 500
        ? io(`The server of ${shown} fails (status ${status}). Try again later.`, shown)
        : io(`The server does not give ${shown}; it answers with status ${status}.`, shown);
  }
}

/** The file is not the one that was opened any more. */
export function changed(shown: string): TorshError {
  return io(`${shown} was changed on its server while it was being read. Start again.`, shown);
}

/** The server, or the way to it, is not as it should be. */
export function io(message: string, shown: string, cause?: unknown): TorshError {
  return new TorshError('io', message, { path: shown, cause });
}

/** What may be gone the next time: the server is overloaded or restarts. */
export function isPassing(status: number): boolean {
  return status === 408 || status === 429 || (status >= 500 && status !== 501 && status !== 505);
}
