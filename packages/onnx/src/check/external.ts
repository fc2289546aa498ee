import { isTorshError } from '@torsh/bytes';
import { isPrepacked, KEYS } from '../external/location.ts';
import type { TensorProto } from '../schema/message.ts';
import type { Checking } from './checking.ts';
import { inside, type Place, quoted } from './place.ts';
import { countElements } from './shape.ts';
import { rawBytes, type Storage } from './storage.ts';

/** Checks where a tensor says that its data are, and whether they are there. */
export async function checkExternal(
  tensor: TensorProto,
  storage: Storage | undefined,
  place: Place,
  checking: Checking,
): Promise<void> {
  const said = new Map<string, string>();
  let size: number | undefined;
  for (const [index, { key, value }] of tensor.external_data.entries()) {
    const at = inside(place, 'external_data', index, key);
    if (!KEYS.includes(key ?? '') && !isPrepacked(key ?? '')) {
      checking.found(
        'runtime-external-key',
        at,
        `The key ${quoted(key ?? '')} is none of ${KEYS.join(', ')}.`,
      );
    }
    if (key === undefined || value === undefined) continue;
    said.set(key, value);
    if (key === 'location') size = await checkLocation(value, at, checking);
  }
  if (!said.has('location')) {
    checking.found(
      'external-location',
      place,
      'The data are in another file, but no location says in which.',
    );
  }
  const elements = countElements(tensor.dims, place, checking);
  if (storage?.bits === undefined) {
    checking.found('runtime-external-type', place, 'Data of this element type cannot lie in another file.');
  } else if (elements !== undefined && size !== undefined) {
    checkRange(said, rawBytes(elements, storage.bits), size, place, checking);
  }
}

/** The size of the file, where the location names one. */
async function checkLocation(
  location: string,
  place: Place,
  checking: Checking,
): Promise<number | undefined> {
  const path = normalised(location);
  if (path === undefined) {
    const message = `The location ${quoted(location)} is not a relative path that stays in the folder of the model.`;
    checking.found('external-location', place, message);
    return undefined;
  }
  try {
    const size = await checking.sizeOf(path);
    if (size !== undefined) return size;
    checking.found('external-file', place, `There is no file ${quoted(path)} beside the model.`);
  } catch (error) {
    // A link that leads out of the folder, a name that no system takes, a file that may not be read.
    if (!isTorshError(error)) throw error;
    checking.found('external-file', place, error.message);
  }
  return undefined;
}

/** A location without detours; `undefined` for one that is refused. The checker refuses two dots wherever they are left. */
function normalised(location: string): string | undefined {
  if (location === '' || location.startsWith('/') || location.includes('\0')) return undefined;
  const parts: string[] = [];
  for (const part of location.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..' || parts.length === 0) parts.push(part);
    else parts.pop();
  }
  const path = parts.join('/');
  return path === '' || path.includes('..') ? undefined : path;
}

function checkRange(
  said: ReadonlyMap<string, string>,
  needed: number,
  size: number,
  place: Place,
  checking: Checking,
): void {
  const offset = numberOf(said.get('offset') ?? '0');
  const length = numberOf(said.get('length') ?? String(needed));
  if (offset === undefined || length === undefined) {
    const message = `The offset ${quoted(said.get('offset') ?? '')} and the length ${quoted(said.get('length') ?? '')} must be decimal numbers.`;
    checking.found('runtime-external-range', place, message);
  } else if (length !== needed) {
    checking.found(
      'runtime-external-range',
      place,
      `The length is ${length}; the shape needs ${needed} bytes.`,
    );
  } else if (offset + length > size) {
    const message = `The data would end at byte ${offset + length} of a file of ${size} bytes.`;
    checking.found('runtime-external-range', place, message);
  }
}

function numberOf(text: string): number | undefined {
  const value = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  return Number.isSafeInteger(value) ? value : undefined;
}
