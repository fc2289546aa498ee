import { isTorshError, withLimits } from '@torsh/bytes';
import { interpret } from '@torsh/pickle';

/** The number that the first pickle of such a file is, in whichever protocol it is written. */
const MAGIC = 0x1950a86a20f9469cfc6cn;

/** The number takes 15 bytes in protocol 2 and 28 in protocol 0. */
export const MAGIC_BYTES = 64;

const limits = withLimits({ pickleBytes: MAGIC_BYTES, pickleSteps: 8, pickleStack: 8, pickleObjects: 8 });

/** True for the first bytes of a file of the old torch.save. */
export function isLegacy(head: Uint8Array): boolean {
  try {
    return interpret(head.subarray(0, MAGIC_BYTES), limits).value === MAGIC;
  } catch (error) {
    if (isTorshError(error)) return false;
    throw error;
  }
}
