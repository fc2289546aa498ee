/** Writes the bytes of an archive as hexadecimal, part by part, with what each part is: for a person to follow. */
export function annotate(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const lines = [];
  let at = 0;
  const rows = (length, title) => {
    for (let done = 0; done < length || done === 0; done += 16) {
      const row = bytes.subarray(at + done, at + Math.min(done + 16, length));
      const hex = [...row].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
      const place = (at + done).toString(16).padStart(4, '0');
      lines.push(`${place}  ${hex.padEnd(47)}  ${done === 0 ? title : text(row)}`.trimEnd());
    }
    at += length;
  };
  const text = (row) =>
    [...row].map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '·')).join('');
  const ascii = (start, length) => new TextDecoder().decode(bytes.subarray(start, start + length));
  const heading = (title) => lines.push('', `${' '.repeat(6)}${title}`);

  const directory = view.getUint32(bytes.length - 6, true);
  const count = view.getUint16(bytes.length - 12, true);
  const entries = [];
  for (let index = 0, place = directory; index < count; index++) {
    const nameBytes = view.getUint16(place + 28, true);
    entries.push({ name: ascii(place + 46, nameBytes), size: view.getUint32(place + 20, true) });
    place += 46 + nameBytes + view.getUint16(place + 30, true);
  }
  for (const { name, size } of entries) {
    heading(`entry ${name}`);
    const extra = view.getUint16(at + 28, true);
    rows(4, 'local header');
    rows(2, 'version needed 2.0');
    rows(2, 'flags: descriptor, UTF-8');
    rows(2, 'stored');
    rows(4, 'time 0, date 1980-01-01');
    rows(12, 'CRC-32 and sizes: in the descriptor');
    rows(4, `name of ${name.length} bytes, extra field of ${extra}`);
    rows(name.length, name);
    if (extra > 0) {
      rows(4, `alignment field of ${extra - 4} bytes`);
      rows(2, 'boundary 64');
      rows(extra - 6, 'padding');
    }
    if (name.startsWith('models/')) {
      const json = Number(view.getBigUint64(at, true));
      rows(8, `safetensors header of ${json} bytes`);
      rows(json, text(bytes.subarray(at, at + 16)));
      rows(size - 8 - json, `tensors, at a multiple of 64: ${at} = 64 × ${at / 64}`);
    } else if (size > 0) rows(size, text(bytes.subarray(at, at + Math.min(16, size))));
    rows(4, 'descriptor');
    rows(4, 'CRC-32');
    rows(8, `${size} bytes in the file, ${size} bytes in all`);
  }
  for (const { name } of entries) {
    heading(`directory: ${name}`);
    rows(4, 'central header');
    rows(4, 'made by 4.5, needed 2.0');
    rows(8, 'flags, method, time and date: as before');
    rows(12, 'CRC-32 and sizes');
    rows(6, `name of ${name.length} bytes, no extra field, no comment`);
    rows(8, 'first disk, no attributes');
    rows(4, `local header at ${view.getUint32(at, true).toString(16).padStart(4, '0')}`);
    rows(name.length, name);
  }
  heading('end of the directory');
  rows(4, 'end record');
  rows(4, 'one disk');
  rows(4, `${count} entries`);
  rows(8, `directory of ${view.getUint32(at, true)} bytes at ${directory.toString(16).padStart(4, '0')}`);
  rows(2, 'no comment');
  return `${lines.slice(1).join('\n')}\n`;
}
