import { deflateRawSync } from 'node:zlib';
import type { ErrorCode } from '@torsh/bytes';
import { buildZip, descriptor, type EntryTweaks, extraField, fields, join, utf8 } from './zip-builder.ts';

/** A hostile ZIP, and what becomes of it: the code of the error, or `fine` where a tolerant reader takes it. */
export interface Attack {
  readonly name: string;
  /** The row of the table of known techniques that it stands for; empty for those beyond the table. */
  readonly row: string;
  readonly technique: string;
  readonly strict: ErrorCode | 'fine';
  readonly tolerant: ErrorCode | 'fine';
  bytes(): Uint8Array;
}

const a: EntryTweaks = { name: 'm/a.txt', data: utf8('first file\n') };
const b: EntryTweaks = { name: 'm/b.txt', data: utf8('second file\n') };
const zeros = new Uint8Array(200_000);
const junk = utf8('BYTES THAT BELONG TO NOTHING');

type Outcome = ErrorCode | 'fine';

const attack = (
  row: string,
  name: string,
  outcome: Outcome | readonly [strict: Outcome, tolerant: Outcome],
  technique: string,
  bytes: () => Uint8Array,
): Attack => {
  const [strict, tolerant] = typeof outcome === 'string' ? [outcome, outcome] : outcome;
  return { name, row, technique, strict, tolerant, bytes };
};

const flagged = (name: string, flag: number, what: string): Attack[] => [
  attack('ZIP-01', `${name}-both`, 'unsupported', `${what}, in both headers`, () =>
    buildZip([{ ...a, flags: 0x800 | flag }, b]),
  ),
  attack('ZIP-01', `${name}-central`, 'unsupported', `${what}, in the directory only`, () =>
    buildZip([{ ...a, central: { flags: 0x800 | flag } }, b]),
  ),
  attack('ZIP-01', `${name}-local`, 'unsupported', `${what}, in the local header only`, () =>
    buildZip([{ ...a, local: { flags: 0x800 | flag } }, b]),
  ),
];

const named = (
  name: string,
  outcome: Outcome | readonly [Outcome, Outcome],
  path: string | Uint8Array,
  what: string,
): Attack => attack('ZIP-09', name, outcome, what, () => buildZip([{ ...a, name: path }, b]));

const ofKind = (name: string, kind: number, what: string): Attack =>
  attack('ZIP-09', name, 'unsafe', what, () =>
    buildZip([{ ...a, central: { madeBy: 0x0314, attributes: (kind | 0o777) * 65536 } }, b]),
  );

/** Two directories: the end record gives the place of one, and its size leads to the other. */
function twoDirectories(): Uint8Array {
  const plain = buildZip([a, b]);
  const directoryAt = new DataView(plain.buffer).getUint32(plain.length - 6, true);
  const directory = plain.subarray(directoryAt, plain.length - 22);
  const other = directory.slice();
  other.set(utf8('m/X.txt'), 46);
  return buildZip([a, b], {
    beforeDirectory: directory,
    directory: other,
    end: { directoryOffset: directoryAt, count: 2, countHere: 2, directorySize: directory.length },
  });
}

const size64 = (...values: readonly number[]): Uint8Array =>
  extraField(1, fields(...values.map((value) => [8, value] as const)));

/** Every attack on a ZIP reader that is known here. `fixtures/attacks` holds the files. */
export const attacks: readonly Attack[] = [
  ...flagged('encrypted', 0x01, 'the flag of encryption'),
  ...flagged('patched', 0x20, 'the flag of patch data'),
  ...flagged('strongly-encrypted', 0x40, 'the flag of strong encryption'),
  ...flagged('masked', 0x2000, 'the flag of masked headers'),
  attack('ZIP-02', 'other-name', 'unsafe', 'the local header has another name of the same length', () =>
    buildZip([{ ...a, local: { name: 'm/X.txt' } }, b]),
  ),
  attack('ZIP-02', 'longer-name', 'unsafe', 'the local header has a longer name', () =>
    buildZip([{ ...a, local: { name: 'm/a.txt.pkl' } }, b]),
  ),
  attack('ZIP-03', 'crc', 'malformed', 'the check sum is not that of the bytes', () =>
    buildZip([{ ...a, crc: 0x12345678 }, b]),
  ),
  attack('ZIP-03', 'crc-zero', ['malformed', 'fine'], 'no check sum; some versions of torch write none', () =>
    buildZip([{ ...a, crc: 0 }, b]),
  ),
  attack('ZIP-03', 'crc-local', 'unsafe', 'the check sums of the two headers differ', () =>
    buildZip([{ ...a, local: { crc: 1 } }, b]),
  ),
  attack('ZIP-03', 'crc-deflated', 'malformed', 'the check sum of a deflated entry is wrong', () =>
    buildZip([{ ...a, method: 8, crc: 0x12345678 }, b]),
  ),
  attack(
    'ZIP-04',
    'two-directories',
    'unsafe',
    'offset and size of the directory lead to two directories',
    twoDirectories,
  ),
  attack('ZIP-04', 'comment-with-end-record', 'unsafe', 'the comment is an end record of its own', () =>
    buildZip([a, b], { comment: join(fields([4, 0x06054b50]), new Uint8Array(18)) }),
  ),
  attack('ZIP-04', 'end64-contradicts', 'unsafe', 'the two end records name different directories', () =>
    buildZip([a, b], { end64: { count: 1, countHere: 1 } }),
  ),
  attack(
    'ZIP-04',
    'end64-elsewhere',
    'unsafe',
    'the locator points to a ZIP64 end record somewhere else',
    () => buildZip([a, b], { end64: { recordOffset: 4 } }),
  ),
  attack('ZIP-04', 'end64-larger', 'malformed', 'the ZIP64 end record says that it is longer', () =>
    buildZip([a, b], { end64: { recordSize: 100 } }),
  ),
  attack('ZIP-04', 'end64-needless', ['malformed', 'fine'], 'a ZIP64 end record that is not needed', () =>
    buildZip([a, b], { end64: {} }),
  ),
  attack('ZIP-05', 'prefix', ['unsafe', 'fine'], 'bytes before the first entry, offsets right', () =>
    buildZip([a, b], { prefix: junk }),
  ),
  attack(
    'ZIP-05',
    'prefix-shifted',
    'unsafe',
    'bytes before the first entry, offsets as if they were not there',
    () => join(junk, buildZip([a, b])),
  ),
  attack('ZIP-05', 'suffix', ['malformed', 'fine'], 'bytes behind the end record', () =>
    buildZip([a, b], { suffix: junk }),
  ),
  attack('ZIP-05', 'long-suffix', 'truncated', '70 kB behind the end record, so that it is not found', () =>
    buildZip([a, b], { suffix: new Uint8Array(70_000) }),
  ),
  attack('ZIP-05', 'comment', ['malformed', 'fine'], 'a comment, where anything can hide', () =>
    buildZip([a, b], { comment: junk }),
  ),
  attack(
    'ZIP-05',
    'comment-announced',
    ['malformed', 'fine'],
    'a comment that is announced and not there',
    () => buildZip([a, b], { end: { commentLength: 9 } }),
  ),
  attack('ZIP-05', 'gap', ['malformed', 'fine'], 'bytes between two entries', () =>
    buildZip([a, { ...b, gap: junk }]),
  ),
  attack('ZIP-05', 'hidden-entry', ['malformed', 'fine'], 'an entry that is not in the directory', () =>
    buildZip([a, { ...b, hidden: true }, { ...b, name: 'm/c.txt' }]),
  ),
  attack('ZIP-05', 'gap-before-directory', ['malformed', 'fine'], 'bytes before the directory', () =>
    buildZip([a, b], { beforeDirectory: junk }),
  ),
  attack('ZIP-05', 'gap-behind-directory', 'unsafe', 'bytes between directory and end record', () =>
    buildZip([a, b], { afterDirectory: junk }),
  ),
  named('parent', 'unsafe', '../evil.txt', 'a name that leaves its folder'),
  named('parent-inside', 'unsafe', 'm/../../x', 'a name that leaves its folder later'),
  named('dot', 'unsafe', './a.txt', 'a name with a dot for a folder'),
  named('absolute', 'unsafe', '/etc/passwd', 'an absolute name'),
  named('backslash', 'unsafe', '..\\evil.txt', 'a name with a backslash'),
  named('nul', 'unsafe', 'm/a.txt\0.png', 'a name with a NUL'),
  named('control', 'unsafe', 'm/a\u001b[2J', 'a name that clears the terminal'),
  named('empty-segment', 'unsafe', 'm//a.txt', 'a name with an empty segment'),
  named('empty-name', 'unsafe', '', 'no name'),
  named('drive', ['unsafe', 'fine'], 'C:/evil.txt', 'a name with a drive'),
  named('device-name', ['unsafe', 'fine'], 'm/aux.txt', 'the name of a device on Windows'),
  named('trailing-dot', ['unsafe', 'fine'], 'm/a.txt.', 'a name that Windows would shorten'),
  named('decomposed', ['unsafe', 'fine'], 'm/e\u0301.txt', 'a name that is not in normal form C'),
  named('not-utf8', 'malformed', Uint8Array.of(0x6d, 0x2f, 0xff, 0xfe), 'a name that is not UTF-8'),
  named('twice', 'unsafe', 'm/b.txt', 'two entries of one name'),
  named('twice-folded', 'unsafe', 'M/B.TXT', 'two entries whose names differ in case only'),
  named('file-and-folder', ['unsafe', 'fine'], 'm', 'a file that is also a folder'),
  attack('ZIP-09', 'second-name', 'unsafe', 'a Unicode path field with another name', () =>
    buildZip([{ ...a, extra: extraField(0x7075, join(Uint8Array.of(1), fields([4, 0]), utf8('evil'))) }, b]),
  ),
  ofKind('symlink', 0o120000, 'a symbolic link'),
  ofKind('device', 0o020000, 'a character device'),
  ofKind('pipe', 0o010000, 'a pipe'),
  attack('ZIP-09', 'folder-entry', ['malformed', 'fine'], 'an entry that is a folder', () =>
    buildZip([{ name: 'm/' }, a, b]),
  ),
  attack('ZIP-09', 'folder-with-bytes', 'malformed', 'a folder with bytes', () =>
    buildZip([{ name: 'm/', data: junk }, a]),
  ),
  attack('ZIP-10', 'bomb', 'limit', 'a deflated entry that grows a thousandfold', () =>
    buildZip([{ name: 'm/bomb', data: zeros, method: 8 }]),
  ),
  attack('ZIP-10', 'bomb-that-lies', 'malformed', 'the same, with a small size in the headers', () =>
    buildZip([{ name: 'm/bomb', data: zeros, method: 8, size: 20 }]),
  ),
  attack('ZIP-10', 'bomb-64', 'limit', 'a deflated entry that claims a terabyte', () =>
    buildZip([{ ...a, method: 8, size: 0xffffffff, extra: size64(2 ** 40), needed: 45 }]),
  ),
  attack('ZIP-10', 'size-beyond-numbers', 'limit', 'a size above 2^53', () =>
    buildZip([
      { ...a, size: 0xffffffff, compressedSize: 0xffffffff, extra: size64(2 ** 60, 2 ** 60), needed: 45 },
    ]),
  ),
  attack('ZIP-10', 'one-range', 'unsafe', 'two entries of the same bytes', () =>
    buildZip([a, { ...a, name: 'm/b.txt', ghost: true, central: { offset: 0 } }]),
  ),
  attack('ZIP-10', 'overlap', 'unsafe', 'an entry that holds the header of the next', () =>
    buildZip([{ ...a, compressedSize: 40, size: 40 }, b]),
  ),
  attack('ZIP-10', 'into-directory', 'unsafe', 'an entry that reaches into the directory', () =>
    buildZip([a, { ...b, compressedSize: 100, size: 100 }]),
  ),
  attack(
    'ZIP-10',
    'long-local-extra',
    'unsafe',
    'a local extra field that moves the bytes behind the next entry',
    () =>
      buildZip([{ ...a, local: { extra: new Uint8Array(0) } }, b]).map((byte, at) => (at === 28 ? 60 : byte)),
  ),
  attack('ZIP-10', 'count-too-large', 'malformed', 'more entries announced than there are', () =>
    buildZip([a, b], { end: { count: 60_000, countHere: 60_000 } }),
  ),
  attack('ZIP-10', 'count-too-small', 'malformed', 'fewer entries announced than there are', () =>
    buildZip([a, b], { end: { count: 1, countHere: 1 } }),
  ),
  attack('', 'split', 'unsupported', 'one part of a split ZIP', () => buildZip([a, b], { end: { disk: 1 } })),
  attack('', 'split-entry', 'unsupported', 'an entry on another disk', () =>
    buildZip([{ ...a, central: { disk: 3 } }, b]),
  ),
  attack('', 'split-counts', 'unsupported', 'entries on other disks', () =>
    buildZip([a, b], { end: { countHere: 1 } }),
  ),
  attack('', 'bzip2', 'unsupported', 'compressed by a method that is not read', () =>
    buildZip([{ ...a, method: 12 }, b]),
  ),
  attack('', 'unknown-flag', 'unsupported', 'a flag that means nothing', () =>
    buildZip([{ ...a, flags: 0x8800 }, b]),
  ),
  attack('', 'other-method', 'unsafe', 'the local header has another method', () =>
    buildZip([{ ...a, local: { method: 8 } }, b]),
  ),
  attack('', 'other-size', 'unsafe', 'the local header has another size', () =>
    buildZip([{ ...a, local: { size: 5, compressedSize: 5 } }, b]),
  ),
  attack('', 'stored-two-sizes', 'malformed', 'a stored entry with two different sizes', () =>
    buildZip([{ ...a, size: 5 }, b]),
  ),
  attack('', 'no-local-header', 'malformed', 'no local header where the directory says', () =>
    buildZip([{ ...a, local: { signature: 0x12345678 } }, b]),
  ),
  attack('', 'no-central-header', 'malformed', 'a directory that does not begin with an entry', () =>
    buildZip([{ ...a, central: { signature: 0x12345678 } }, b]),
  ),
  attack('', 'extra-cut', 'malformed', 'an extra field that is cut off', () =>
    buildZip([{ ...a, extra: Uint8Array.of(1, 2, 3) }, b]),
  ),
  attack('', 'extra-too-long', 'malformed', 'an extra field that is longer than its place', () =>
    buildZip([{ ...a, extra: fields([2, 99], [2, 50]) }, b]),
  ),
  attack('', 'two-zip64-fields', 'unsafe', 'two ZIP64 fields in one entry', () =>
    buildZip([{ ...a, extra: join(size64(1), size64(2)) }, b]),
  ),
  attack('', 'zip64-field-short', 'truncated', 'a ZIP64 field without the number that it should have', () =>
    buildZip([{ ...a, size: 0xffffffff, compressedSize: 0xffffffff, extra: size64(11) }, b]),
  ),
  attack('', 'not-deflate', 'malformed', 'a deflated entry that is not deflate', () =>
    buildZip([{ ...a, method: 8, raw: Uint8Array.of(0xff, 0xff, 0xff) }, b]),
  ),
  attack('', 'deflate-cut', 'malformed', 'a deflated entry that ends too early', () =>
    buildZip([{ ...a, method: 8, raw: Uint8Array.of(0x4b, 0xcb) }, b]),
  ),
  attack('', 'deflate-shorter', 'malformed', 'a deflated entry that gives fewer bytes than it claims', () =>
    buildZip([{ ...a, method: 8, size: 50 }, b]),
  ),
  attack('', 'deflate-then-junk', 'malformed', 'bytes behind the end of the deflate stream', () =>
    buildZip([{ ...a, method: 8, raw: join(new Uint8Array(deflateRawSync(a.data!)), junk) }, b]),
  ),
  attack('', 'descriptor-missing', ['malformed', 'fine'], 'the flag of a descriptor, and none', () =>
    buildZip([{ ...a, flags: 0x808 }, b]),
  ),
  attack('', 'descriptor-unannounced', ['malformed', 'fine'], 'a descriptor without its flag', () =>
    buildZip([{ ...a, descriptor: descriptor(a.data!) }, b]),
  ),
];

/** The name of an attack's file: what it is, then the code that a strict reader gives. */
export function attackFile({ name, strict }: Attack): string {
  return `${name}.${strict}.zip`;
}
