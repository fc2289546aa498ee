import type { OperatorSetIdProto } from '../schema/message.ts';
import type { Checking } from './checking.ts';
import { inside, type Place } from './place.ts';

/** The imported version of each domain. */
export type Opsets = ReadonlyMap<string, number>;

const LARGEST = 2 ** 31 - 1;

/** The imports of a model or a function; of two for one domain the last counts, as everywhere. */
export function opsetsOf(
  imports: readonly OperatorSetIdProto[],
  place: Place | undefined,
  checking: Checking,
): Map<string, number> {
  const opsets = new Map<string, number>();
  for (const [index, { domain = '', version = 0 }] of imports.entries()) {
    if (version < -LARGEST - 1 || version > LARGEST) {
      const at = inside(place, 'opset_import', index, domain);
      checking.found('opset-import', at, `The version ${version} does not fit 32 bits.`);
    }
    opsets.set(domain, Number(version));
  }
  return opsets;
}
