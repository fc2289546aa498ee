import { TorshError } from '@torsh/bytes';

/** The pickle of a checkpoint says something that no tensor can be. */
export function malformed(what: string, path?: string): TorshError {
  return new TorshError('malformed', what, { path });
}
