import { TorshError } from '@torsh/bytes';

/** Reads varints and bytes of a segment, front to back. */
export interface Reader {
  readonly left: number;
  byte(): number;
  varint(): number;
  bytes(length: number): Uint8Array;
}

/** Bytes that grow. */
export interface Writer {
  readonly length: number;
  byte(value: number): void;
  varint(value: number): void;
  bytes(values: Uint8Array): void;
  take(): Uint8Array;
}

/** Numbers in groups of seven bits, low ones first; the top bit of a byte says that another follows. */
export function writer(): Writer {
  let held = new Uint8Array(64);
  let length = 0;
  const room = (more: number): void => {
    if (length + more <= held.length) return;
    const wider = new Uint8Array(Math.max(held.length * 2, length + more));
    wider.set(held.subarray(0, length));
    held = wider;
  };
  const byte = (value: number): void => {
    room(1);
    held[length++] = value;
  };
  return {
    get length() {
      return length;
    },
    byte,
    varint(value) {
      let rest = value;
      for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) byte((rest % 0x80) | 0x80);
      byte(rest);
    },
    bytes(values) {
      room(values.length);
      held.set(values, length);
      length += values.length;
    },
    take() {
      const taken = held.slice(0, length);
      length = 0;
      return taken;
    },
  };
}

/** Reads what `writer` wrote; `path` names the segment in errors. */
export function reader(bytes: Uint8Array, path: string): Reader {
  let at = 0;
  const short = (): TorshError =>
    new TorshError('malformed', `${path} ends in the middle of a step.`, { path, offset: at });
  const byte = (): number => {
    if (at >= bytes.length) throw short();
    return bytes[at++]!;
  };
  return {
    get left() {
      return bytes.length - at;
    },
    byte,
    varint() {
      const start = at;
      let value = 0;
      for (let factor = 1; ; factor *= 0x80) {
        const next = byte();
        value += (next & 0x7f) * factor;
        if (next < 0x80) {
          if (value <= Number.MAX_SAFE_INTEGER && (next > 0 || factor === 1)) return value;
          break;
        }
        if (factor > 2 ** 49) break;
      }
      throw new TorshError('malformed', `${path} has a number that is not in its one form.`, {
        path,
        offset: start,
      });
    },
    bytes(length) {
      if (length > bytes.length - at) throw short();
      at += length;
      return bytes.subarray(at - length, at);
    },
  };
}

/** A difference as a number of 0 or more, so that small ones stay small whatever their sign. */
export function zigzag(value: number): number {
  return value < 0 ? -2 * value - 1 : 2 * value;
}

/** What `zigzag` was given. */
export function unzigzag(value: number): number {
  return value % 2 === 1 ? -(value + 1) / 2 : value / 2;
}
