import { isTorshError, type Limits, withLimits } from '@torsh/bytes';
import { type Context, entrySource, head, type Input, type Match } from '@torsh/core';
import { disassemble, HIGHEST_PROTOCOL, interpret, type Pickle } from '@torsh/pickle';
import { joblib } from './joblib.ts';

/** So much of a file is looked at to tell whether it goes on as a pickle. */
const HEAD_BYTES = 64 * 1024;

/** What protocols 0 and 1 begin objects with: containers, marks, names. Text begins so too, and has to go on as a pickle. */
const FIRST_OPCODES = new Set([...'(])}cld'].map((character) => character.charCodeAt(0)));

/** As many opcodes as no other file has at its beginning by chance. */
const SOME_OPCODES = 4;

/** A pickle, told by its first opcodes: there is no magic number, so no more than `likely`. */
export async function detect(input: Input, context: Context): Promise<Match | undefined> {
  const source = await entrySource(input, context);
  if (source === undefined) return undefined;
  const first = await head(source, 16, context);
  const stated = first[0] === 0x80 && first[1]! <= HIGHEST_PROTOCOL;
  if (!stated && !beginsAsText(first)) return undefined;
  const bytes = await head(source, HEAD_BYTES, context);
  const whole = bytes.length === source.size;
  const reason = stated ? protocolReason(bytes, context) : textReason(bytes, whole, context);
  return reason === undefined ? undefined : { confidence: 'likely', reason };
}

/** The first bytes of a pickle without PROTO: an opcode of text or structure. */
function beginsAsText([first]: Uint8Array): boolean {
  return first !== undefined && (FIRST_OPCODES.has(first) || 'PSVIFLN'.includes(String.fromCharCode(first)));
}

/** PROTO, and then opcodes: broken ones too, for to say where they break is what reading is for. */
function protocolReason(bytes: Uint8Array, context: Context): string | undefined {
  const read = attempt(bytes, context.limits);
  if (read === 'other' && opcodesIn(bytes, context.limits) < SOME_OPCODES) return undefined;
  if (typeof read === 'object' && isMagic(read)) return undefined;
  return `it begins as a pickle of protocol ${bytes[1]}`;
}

/** Without PROTO only what reads as a pickle is one: all of it, or as far as was looked. */
function textReason(bytes: Uint8Array, whole: boolean, context: Context): string | undefined {
  const read = attempt(bytes, context.limits);
  const object = FIRST_OPCODES.has(bytes[0]!);
  const reason = 'it reads as a pickle of protocol 0 or 1';
  if (read === 'other') return undefined;
  if (read === 'cut') {
    const some = object && !whole && opcodesIn(bytes, context.limits) === SOME_OPCODES;
    return some ? reason : undefined;
  }
  if (isMagic(read)) return undefined;
  // A plain text or number, such as `I1`, is a pickle that says nothing; one that imports is worth a look.
  return (object && isObject(read)) || read.globals.length > 0 ? reason : undefined;
}

/** A pickle; `cut` where more bytes might make it one, `other` where none could. */
function attempt(bytes: Uint8Array, limits: Limits): Pickle | 'cut' | 'other' {
  const few = withLimits({ ...limits, pickleSteps: Math.min(limits.pickleSteps, HEAD_BYTES) });
  try {
    return interpret(bytes, few, joblib(bytes, few));
  } catch (error) {
    if (isTorshError(error)) return error.code === 'malformed' ? 'other' : 'cut';
    throw error;
  }
}

/** How many opcodes can be told apart, up to some. */
function opcodesIn(bytes: Uint8Array, limits: Limits): number {
  let count = 0;
  try {
    for (const _ of disassemble(bytes, limits)) if (++count === SOME_OPCODES) break;
  } catch (error) {
    if (!isTorshError(error)) throw error;
  }
  return count;
}

function isObject({ value }: Pickle): boolean {
  return typeof value === 'object' && value !== null;
}

/** The number that a file of the old torch.save begins with. */
function isMagic({ value }: Pickle): boolean {
  return value === 0x1950a86a20f9469cfc6cn;
}
