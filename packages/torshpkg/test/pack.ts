import { crc32, deflateRawSync } from 'node:zlib';

/** An entry to be packed. */
export interface Part {
  readonly name: string;
  readonly data: string | Uint8Array;
  readonly deflate?: boolean;
  /** The DOS date and time in one number. */
  readonly modified?: number;
}

/** The smallest manifest that the crate takes. */
export const smallest = {
  name: 'n',
  version: '1.0.0',
  format_version: '1.0.0',
  created_at: '2026-01-01T00:00:00.000Z',
  modules: [],
  resources: [],
  dependencies: {},
  metadata: {},
};

/** A ZIP as the crate spells it, of whatever entries. */
export function pack(parts: readonly Part[]): Uint8Array {
  const [files, directory]: [Buffer[], Buffer[]] = [[], []];
  let offset = 0;
  for (const { name, data, deflate = false, modified = 0x00210000 } of parts) {
    const bytes = Buffer.from(data as Uint8Array);
    const raw = deflate ? deflateRawSync(bytes) : bytes;
    const label = Buffer.from(name);
    // From the version that is needed to the length of the extra field: the same in both headers.
    const shared = Buffer.alloc(26);
    shared.writeUInt16LE(deflate ? 20 : 10, 0);
    shared.writeUInt16LE(deflate ? 8 : 0, 4);
    shared.writeUInt32LE(modified, 6);
    shared.writeUInt32LE(crc32(bytes), 10);
    shared.writeUInt32LE(raw.length, 14);
    shared.writeUInt32LE(bytes.length, 18);
    shared.writeUInt16LE(label.length, 22);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(name.endsWith('/') ? 0x41ed0000 : 0x81a40000, 6);
    tail.writeUInt32LE(offset, 10);
    const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), shared, label, raw]);
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02\x1e\x03', 'latin1'), shared, tail, label]));
    files.push(local);
    offset += local.length;
  }
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(parts.length, 8);
  end.writeUInt16LE(parts.length, 10);
  end.writeUInt32LE(
    directory.reduce((sum, { length }) => sum + length, 0),
    12,
  );
  end.writeUInt32LE(offset, 16);
  return new Uint8Array(Buffer.concat([...files, ...directory, end]));
}
