import { isTorshError } from '@torsh/bytes';
import type { Json } from '../archive.ts';
import { RequestError } from '../request.ts';
import { type Dependencies, type DependencyForm, dependencies } from './dependencies/index.ts';

/** Dependencies as a manifest has them, after they were read once: who asks for nonsense hears it here. */
export function formIn(needs: Dependencies | DependencyForm): Json {
  if (typeof needs !== 'object' || needs === null) throw new RequestError('Dependencies are an object.');
  try {
    return 'form' in needs ? needs.form : dependencies(needs).form;
  } catch (error) {
    throw isTorshError(error) ? new RequestError(error.message) : error;
  }
}
