import { fromBytes, toBytes, webPlatform } from '@torsh/bytes';
import { expect, it } from 'vitest';
import { pytorchForm, zipSink } from '../src/index.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

it('spells an entry as PyTorch does: no versions, no dates, padding to 64 bytes, no descriptor for nothing', async () => {
  const sink = toBytes();
  const zip = zipSink(sink, { platform: webPlatform, form: pytorchForm });
  for (const [path, content] of [
    ['a/x', Uint8Array.of(1, 2, 3)],
    ['a/empty', new Uint8Array(0)],
  ] as const) {
    const entry = await zip.create(path, { size: content.length });
    if (content.length > 0) await entry.write(content);
    await entry.close();
  }
  await zip.close();
  const bytes = sink.bytes();
  // Signature, version 0, flags 0x0808, stored, no time, no sums, 3 letters of name, 31 bytes of padding field.
  expect(hex(bytes.subarray(0, 30))).toBe(`504b0304${'0000'}0808${'0000'}${'00'.repeat(16)}0300${'1f00'}`);
  expect(hex(bytes.subarray(30, 37))).toBe(`${Buffer.from('a/x').toString('hex')}4642${'1b00'}`);
  expect(hex(bytes.subarray(37, 64))).toBe('5a'.repeat(27));
  expect(hex(bytes.subarray(64, 67))).toBe('010203');
  expect(hex(bytes.subarray(67, 71))).toBe('504b0708');
  // The second header follows its descriptor; its bytes, of which there are none, would lie at 192.
  expect(hex(bytes.subarray(83, 91))).toBe('504b030400000008');
  const end = bytes.length - 22 - 20 - 56;
  expect(hex(bytes.subarray(end, end + 16))).toBe('504b06062c000000000000001e032d00');
});

it('needs ZIP 2.0 for what is deflated, in both of its headers', async () => {
  const sink = toBytes();
  const zip = zipSink(sink, { platform: webPlatform, form: pytorchForm });
  const entry = await zip.create('a/x', { size: 3 });
  // A stored block of deflate: the last one, three bytes long.
  const deflated = fromBytes(Uint8Array.of(1, 3, 0, 0xfc, 0xff, 1, 2, 3));
  await entry.transfer!([{ ...fromBytes(Uint8Array.of(1, 2, 3)), deflated }], { platform: webPlatform });
  await entry.close();
  await zip.close();
  const bytes = sink.bytes();
  const central = 64 + deflated.size + 16;
  expect(hex(bytes.subarray(0, 10))).toBe(`504b0304${'1400'}0808${'0800'}`);
  expect(hex(bytes.subarray(central, central + 12))).toBe(`504b0102${'0000'}${'1400'}0808${'0800'}`);
});
