import { createHash } from 'node:crypto';
import { crc32, inflateRawSync } from 'node:zlib';

/** An entry as this reader sees it. */
export interface SmallEntry {
  readonly name: string;
  readonly method: number;
  readonly flags: number;
  readonly date: number;
  readonly bytes: Buffer;
}

/** A ZIP reader of a page that shares nothing with the code under test; it asserts what the crate's reader needs. */
export function readSmall(file: Uint8Array): readonly SmallEntry[] {
  const zip = Buffer.from(file);
  const end = zip.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  const entries: SmallEntry[] = [];
  let at = zip.readUInt32LE(end + 16);
  for (let index = 0; index < zip.readUInt16LE(end + 10); index++) {
    const [flags, method, date] = [
      zip.readUInt16LE(at + 8),
      zip.readUInt16LE(at + 10),
      zip.readUInt16LE(at + 14),
    ];
    const [sum, packed, size] = [16, 20, 24].map((field) => zip.readUInt32LE(at + field)) as [
      number,
      number,
      number,
    ];
    const [nameBytes, extraBytes, offset] = [
      zip.readUInt16LE(at + 28),
      zip.readUInt16LE(at + 30),
      zip.readUInt32LE(at + 42),
    ];
    const name = zip.toString('utf8', at + 46, at + 46 + nameBytes);
    const start = offset + 30 + zip.readUInt16LE(offset + 26) + zip.readUInt16LE(offset + 28);
    const raw = zip.subarray(start, start + packed);
    const bytes = method === 8 ? inflateRawSync(raw) : Buffer.from(raw);
    if (bytes.length !== size || crc32(bytes) !== sum) throw new Error(`${name} is damaged`);
    entries.push({ name, method, flags, date, bytes });
    at += 46 + nameBytes + extraBytes;
  }
  return entries;
}

/** Every rule of an archive that the crate reads without loss; what it breaks. */
export function brokenRules(file: Uint8Array): string[] {
  const broken: string[] = [];
  const rule = (holds: boolean, what: string) => holds || broken.push(what);
  const entries = readSmall(file);
  const names = entries.map(({ name }) => name);
  const manifest = entries.find(({ name }) => name === 'MANIFEST.json');
  rule(manifest !== undefined, 'no MANIFEST.json');
  const value = JSON.parse(manifest!.bytes.toString('utf8'));
  rule(manifest!.bytes[0] === 0x7b, 'a byte order mark');
  rule(value.format_version === '1.0.0', 'format_version');
  rule(/^\d+\.\d+\.\d+(-[\w.-]+)?(\+[\w.-]+)?$/.test(value.version), `version ${value.version}`);
  rule(typeof value.name === 'string' && value.name !== '', 'name');
  rule(/^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)$/.test(value.created_at), `created_at ${value.created_at}`);
  rule(Array.isArray(value.modules) && Array.isArray(value.resources), 'modules and resources');
  for (const key of ['dependencies', 'metadata'])
    rule(
      Object.values(value[key]).every((each) => typeof each === 'string'),
      `${key} of texts`,
    );
  rule(Buffer.from(file).readUInt32LE(0) === 0x04034b50, 'bytes before the first header');
  for (const { name, method, flags, date } of entries) {
    rule(method === 0 || method === 8, `${name} has method ${method}`);
    rule((flags & 1) === 0, `${name} is encrypted`);
    rule(((date >> 5) & 15) >= 1, `${name} has no month`);
    rule(!name.endsWith('/'), `${name} is a folder`);
    rule(!/(^|\/)\.\.?(\/|$)|^\//.test(name), `${name} leaves its root`);
  }
  const sidecars = names.filter((name) => name.endsWith('.metadata'));
  const resources = names.filter((name) => name !== 'MANIFEST.json' && !name.endsWith('.metadata'));
  const basenames = resources.map((name) => name.slice(name.lastIndexOf('/') + 1));
  rule(new Set(basenames).size === basenames.length, 'basenames that are not unique');
  rule(
    sidecars.every((name) => names.includes(name.slice(0, -9))),
    'a resource that looks like a sidecar',
  );
  for (const name of resources) {
    const entry = entries.find((each) => each.name === name)!;
    const sidecar = entries.find((each) => each.name === `${name}.metadata`);
    if (sidecar === undefined) {
      broken.push(`${name} has no sidecar`);
      continue;
    }
    const said = JSON.parse(sidecar.bytes.toString('utf8'));
    rule(
      Object.values(said).every((each) => typeof each === 'string'),
      `${name}: a sidecar of texts`,
    );
    rule(said.sha256 === createHash('sha256').update(entry.bytes).digest('hex'), `${name}: sha256`);
  }
  return broken;
}
