import type { Limits } from '@torsh/bytes';
import { call, callWithKeywords } from './calls.ts';
import { collect } from './collect.ts';
import { contentValue, isBytes } from './content.ts';
import { EntryIndex } from './entries.ts';
import { exhausted, failure, notUtf8, overLimit, underflow, unknownOpcode, unmarked } from './failure.ts';
import { addState, appendItems, fill, setItems } from './fill.ts';
import { extension, named, stackGlobal } from './imports.ts';
import { lineIndex, lineValue } from './lines.ts';
import { Memo } from './memo.ts';
import { NONE } from './none.ts';
import { argumentWidths, HIGHEST_PROTOCOL } from './opcodes.ts';
import { persistent } from './persistent.ts';
import { beyond, lineEnd } from './reach.ts';
import type { Trace } from './trace.ts';
import { textReader } from './utf8.ts';
import type { PickleValue, PyGlobal, PyObject, PyTuple } from './value.ts';

/** What one pickle gave. */
export interface Outcome {
  readonly value: PickleValue;
  /** The first byte after STOP. */
  readonly end: number;
  readonly protocol: number;
}

/**
 * How frames are read. `linear` ignores them, as `pickle.loads` does. `buffered` does what CPython's C unpickler does
 * with a file: an argument that crosses the end of its frame is taken from behind the frame, and what was left of the
 * frame is never seen. `open` does what the unpickler in Python does: a frame that claims more bytes than there are ends
 * with the bytes. Honest files mean the same in all.
 */
export type FrameReading = 'linear' | 'buffered' | 'open';

/** How a pickle is interpreted; the functions are those of `InterpretOptions`. */
export interface RunOptions {
  readonly reading?: FrameReading | undefined;
  readonly resolve?: ((id: PickleValue, offset: number) => PickleValue | undefined) | undefined;
  called?(call: PyObject, offset: number): PickleValue | undefined;
  built?(value: PickleValue, end: number): Built | undefined;
}

/** What a format puts in the place of a value that BUILD has finished, and where the pickle goes on behind it. */
export interface Built {
  readonly value: PickleValue;
  readonly end: number;
}

const NEVER = Number.POSITIVE_INFINITY;

/**
 * Interprets one pickle. This function is long because the pickle of a big checkpoint has ten million opcodes: its
 * place, the height of its stack and the last mark are local variables, which a loop keeps in registers, and which no
 * function outside can change. What an opcode does with values is elsewhere, in functions that are given what they
 * need; here is only what moves through the bytes or changes the height of the stack.
 */
export function run(
  source: Uint8Array,
  start: number,
  limits: Limits,
  trace: Trace,
  { reading = 'linear', resolve, called, built }: RunOptions = {},
): Outcome {
  // A plain view, so that windows of it are plain as well, whatever subclass was lent.
  const bytes = new Uint8Array(source.buffer, source.byteOffset, source.byteLength);
  const view = new DataView(source.buffer, source.byteOffset, source.byteLength);
  const end = Math.min(bytes.length, start + limits.pickleBytes);
  const cut = end < bytes.length;
  const maxSteps = limits.pickleSteps;
  const maxStack = limits.pickleStack;
  const maxObjects = limits.pickleObjects;
  const buffered = reading === 'buffered';

  const readText = textReader(bytes);
  const memo = new Memo();
  const index = new EntryIndex();
  const interned = new Map<string, PyGlobal>();
  const emptyTuple: PyTuple = { kind: 'tuple', items: [] };
  // Never shrinks: `top` is the height, and what lies above it is waiting to be overwritten.
  const stack: PickleValue[] = [];
  let top = 0;
  const marks: number[] = [];
  // Where the last mark lies: nothing below may be popped.
  let fence = 0;
  let at = start;
  // Where a read must not go past without a look: the end, or the end of the frame in buffered reading.
  let limit = end;
  let frameEnd = NEVER;
  let protocol = -1;
  let steps = 0;
  let objects = 0;
  // The opcode at work; at the head of the loop, the one before.
  let op = start;

  for (;;) {
    if (at >= frameEnd) {
      if (at > frameEnd) trace.note('frame-crossed', op);
      frameEnd = NEVER;
    }
    if (at >= limit) {
      if (limit === end) throw exhausted(1, 0, at, cut);
      at = limit;
      limit = end;
      if (at >= end) throw exhausted(1, 0, at, cut);
    }
    op = at;
    const code = bytes[at++]!;
    if (++steps > maxSteps) throw overLimit('has more opcodes', 'pickleSteps', op);
    if (top >= maxStack) throw overLimit('has more on its stack', 'pickleStack', op);
    if (objects > maxObjects) throw overLimit('makes more values', 'pickleObjects', op);

    // The number of fixed size behind the opcode. Those of eight bytes are left to their opcodes: most are no integers,
    // and a variable that is sometimes a float would make all others slow.
    const width = argumentWidths[code]!;
    let number = 0;
    if (width !== 0) {
      if (at + width > limit) {
        at = beyond(at, width, limit, end, op, cut, false);
        limit = end;
      }
      if (width === 1) number = bytes[at]!;
      else if (width === 4) number = view.getInt32(at, true);
      else if (width === 2) number = view.getUint16(at, true);
      at += width;
    }

    switch (code) {
      // Plain values ---------------------------------------------------------------------------------------------
      case 0x4b: // BININT1
      case 0x4d: // BININT2
      case 0x4a: // BININT
        stack[top++] = number;
        break;
      case 0x47: // BINFLOAT
        stack[top++] = { kind: 'float', value: view.getFloat64(at - 8) };
        break;
      case 0x4e: // NONE
        stack[top++] = null;
        break;
      case 0x88: // NEWTRUE
        stack[top++] = true;
        break;
      case 0x89: // NEWFALSE
        stack[top++] = false;
        break;
      case 0x5d: // EMPTY_LIST
        stack[top++] = { kind: 'list', items: [] };
        objects++;
        break;
      case 0x7d: // EMPTY_DICT
        stack[top++] = { kind: 'dict', keys: NONE, values: NONE };
        objects++;
        break;
      case 0x29: // EMPTY_TUPLE
        stack[top++] = emptyTuple;
        break;
      case 0x8f: // EMPTY_SET
        stack[top++] = { kind: 'set', items: [] };
        objects++;
        break;

      // Content behind its length --------------------------------------------------------------------------------
      case 0x58: // BINUNICODE
      case 0x8c: // SHORT_BINUNICODE
      case 0x8d: // BINUNICODE8
      case 0x8a: // LONG1
      case 0x8b: // LONG4
      case 0x42: // BINBYTES
      case 0x43: // SHORT_BINBYTES
      case 0x8e: // BINBYTES8
      case 0x54: // BINSTRING
      case 0x55: // SHORT_BINSTRING
      case 0x96: {
        // BYTEARRAY8
        if (number < 0 && (code === 0x8b || code === 0x54)) {
          throw failure('malformed', 'A length in the pickle is negative', op);
        }
        const length = width === 8 ? uint64(view, at - 8) : number >>> 0;
        if (at + length > limit) {
          at = beyond(at, length, limit, end, op, cut, isBytes(code));
          limit = end;
        }
        if (code === 0x58 || code === 0x8c || code === 0x8d) {
          const text = readText(at, length);
          if (text === undefined) throw notUtf8(op);
          stack[top++] = text;
        } else {
          stack[top++] = contentValue(code, bytes.subarray(at, at + length), op);
          // Numbers are not counted, of any length.
          if (code !== 0x8a && code !== 0x8b) objects++;
        }
        at += length;
        break;
      }

      // Stack, marks, memo ---------------------------------------------------------------------------------------
      case 0x28: // MARK
        if (marks.length >= maxStack) throw overLimit('has more marks', 'pickleStack', op);
        marks.push(top);
        fence = top;
        break;
      case 0x30: // POP, which takes a mark if that is on top
        if (marks.length > 0 && fence === top) {
          fence = dropMark(marks, op);
        } else {
          if (top <= fence) throw underflow(op);
          top--;
        }
        break;
      case 0x31: {
        // POP_MARK
        const from = fence;
        fence = dropMark(marks, op);
        top = from;
        break;
      }
      case 0x32: // DUP
        if (top <= fence) throw underflow(op);
        stack[top] = stack[top - 1]!;
        top++;
        break;
      case 0x68: // BINGET
      case 0x6a: // LONG_BINGET
        stack[top++] = memo.get(number >>> 0, op);
        break;
      case 0x71: // BINPUT
      case 0x72: // LONG_BINPUT
        if (top <= fence) throw underflow(op);
        memo.put(number >>> 0, stack[top - 1]!);
        break;
      case 0x94: // MEMOIZE
        if (top <= fence) throw underflow(op);
        memo.put(memo.size, stack[top - 1]!);
        break;

      // Containers -----------------------------------------------------------------------------------------------
      case 0x85: // TUPLE1
        if (top - 1 < fence) throw underflow(op);
        stack[top - 1] = { kind: 'tuple', items: [stack[top - 1]!] };
        objects++;
        break;
      case 0x86: // TUPLE2
        if (top - 2 < fence) throw underflow(op);
        top--;
        stack[top - 1] = { kind: 'tuple', items: [stack[top - 1]!, stack[top]!] };
        objects++;
        break;
      case 0x87: // TUPLE3
        if (top - 3 < fence) throw underflow(op);
        top -= 2;
        stack[top - 1] = { kind: 'tuple', items: [stack[top - 1]!, stack[top]!, stack[top + 1]!] };
        objects++;
        break;
      case 0x74: // TUPLE
      case 0x6c: // LIST
      case 0x64: // DICT
      case 0x91: // FROZENSET
      case 0x6f: {
        // OBJ
        const from = fence;
        fence = dropMark(marks, op);
        stack[from] = collect(code, stack, from, top, index, op);
        top = from + 1;
        // OBJ makes a tuple as well.
        objects += code === 0x6f ? 2 : 1;
        break;
      }
      case 0x65: // APPENDS
      case 0x75: // SETITEMS
      case 0x90: {
        // ADDITEMS
        const from = fence;
        fence = dropMark(marks, op);
        if (from <= fence) throw underflow(op);
        if (from !== top) fill(code, stack[from - 1]!, stack, from, top, index, op);
        top = from;
        break;
      }
      case 0x61: // APPEND
        if (top - 2 < fence) throw underflow(op);
        top--;
        appendItems(stack[top - 1]!, stack, top, top + 1, op);
        break;
      case 0x73: // SETITEM
        if (top - 3 < fence) throw underflow(op);
        top -= 2;
        setItems(stack[top - 1]!, stack, top, top + 2, index, op);
        break;

      // Names and calls: nothing is looked up, nothing is called -------------------------------------------------
      case 0x52: // REDUCE
      case 0x81: // NEWOBJ
        if (top - 2 < fence) throw underflow(op);
        top--;
        stack[top - 1] = call(code === 0x52 ? 'reduce' : 'newobj', stack[top - 1]!, stack[top]!);
        if (called !== undefined && code === 0x52) {
          stack[top - 1] = called(stack[top - 1] as PyObject, op) ?? stack[top - 1]!;
        }
        objects++;
        break;
      case 0x92: // NEWOBJ_EX
        if (top - 3 < fence) throw underflow(op);
        top -= 2;
        stack[top - 1] = callWithKeywords('newobj_ex', stack[top - 1]!, stack[top]!, stack[top + 1]!);
        objects++;
        break;
      case 0x62: // BUILD
        if (top - 2 < fence) throw underflow(op);
        top--;
        addState(stack[top - 1]!, stack[top]!, op);
        if (built !== undefined) {
          const made = built(stack[top - 1]!, at);
          if (made !== undefined) {
            if (at >= frameEnd) frameEnd = NEVER;
            stack[top - 1] = made.value;
            at = made.end;
          }
        }
        break;
      case 0x51: // BINPERSID
        if (top <= fence) throw underflow(op);
        stack[top - 1] = persistent(stack[top - 1]!, op, resolve);
        objects++;
        break;
      case 0x93: // STACK_GLOBAL
        if (top - 2 < fence) throw underflow(op);
        top--;
        stack[top - 1] = stackGlobal(stack[top - 1]!, stack[top]!, op, trace, interned);
        objects++;
        break;
      case 0x82: // EXT1
      case 0x83: // EXT2
      case 0x84: // EXT4
        stack[top++] = extension(number, op, code, trace);
        objects++;
        break;

      // Lines of text --------------------------------------------------------------------------------------------
      case 0x49: // INT
      case 0x4c: // LONG
      case 0x46: // FLOAT
      case 0x53: // STRING
      case 0x56: // UNICODE
      case 0x50: // PERSID
      case 0x67: // GET
      case 0x70: // PUT
      case 0x63: // GLOBAL
      case 0x69: {
        // INST
        const stop = lineEnd(bytes, at, limit, end, op, cut);
        if (stop >= limit) {
          at = limit;
          limit = end;
        }
        const line = bytes.subarray(at, stop);
        at = stop + 1;
        if (code === 0x70) {
          const slot = lineIndex(line, op);
          if (top <= fence) throw underflow(op);
          memo.put(slot, stack[top - 1]!);
        } else if (code === 0x67) {
          stack[top++] = memo.get(lineIndex(line, op), op);
        } else if (code === 0x63 || code === 0x69) {
          const second = lineEnd(bytes, at, limit, end, op, cut);
          if (second >= limit) {
            at = limit;
            limit = end;
          }
          const callee = named(line, bytes.subarray(at, second), op, code, trace, interned);
          at = second + 1;
          objects++;
          if (code === 0x63) {
            stack[top++] = callee;
            break;
          }
          const from = fence;
          fence = dropMark(marks, op);
          stack[from] = call('inst', callee, { kind: 'tuple', items: stack.slice(from, top) });
          top = from + 1;
          objects++;
        } else {
          const value = lineValue(code, line, op, trace);
          stack[top++] = code === 0x50 ? persistent(value, op, resolve) : value;
          objects++;
        }
        break;
      }

      // The pickle itself ----------------------------------------------------------------------------------------
      case 0x80: // PROTO
        if (number > HIGHEST_PROTOCOL) {
          const message = `The pickle has protocol ${number}; the newest is ${HIGHEST_PROTOCOL}`;
          throw failure('unsupported', message, op);
        }
        if (protocol >= 0) trace.note('protocol-repeated', op);
        else if (op !== start) trace.note('protocol-late', op);
        protocol = number;
        break;
      case 0x95: {
        // FRAME
        let length = uint64(view, at - 8);
        if (at + length > end) {
          trace.note('frame-past-end', op);
          if (reading !== 'open') throw exhausted(length, end - at, op, cut);
          length = end - at;
        }
        if (at < frameEnd && frameEnd !== NEVER) trace.note('frame-nested', op);
        if (buffered) {
          if (at + length > limit) {
            at = limit === end ? at : limit;
            if (at + length > end) throw exhausted(length, end - at, op, cut);
            limit = at + length;
          } else if (limit === end) {
            limit = at + length;
          }
        }
        frameEnd = at + length;
        break;
      }
      case 0x97: // NEXT_BUFFER
        throw failure('unsupported', 'The pickle needs a buffer that lies outside of it', op);
      case 0x98: // READONLY_BUFFER
        if (top <= fence) throw underflow(op);
        break;
      case 0x2e: // STOP
        if (top <= fence) throw underflow(op);
        return { value: stack[top - 1]!, end: at, protocol: Math.max(protocol, 0) };
      default:
        throw unknownOpcode(code, op);
    }
  }
}

/** Takes the last mark off and says where the one before lies. */
function dropMark(marks: number[], offset: number): number {
  if (marks.length === 0) throw unmarked(offset);
  marks.pop();
  return marks.length === 0 ? 0 : marks[marks.length - 1]!;
}

/** Above 2^53 this is rounded, which changes nothing: no file is that long. */
function uint64(view: DataView, at: number): number {
  return view.getUint32(at, true) + view.getUint32(at + 4, true) * 2 ** 32;
}
