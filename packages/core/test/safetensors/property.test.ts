import { defaultLimits } from '@torsh/bytes';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { PHYSICAL } from '../../src/dtype.ts';
import {
  formatHeader,
  METADATA_KEY,
  parseHeader,
  scanJson,
  tensorFlaw,
} from '../../src/safetensors/index.ts';

const text = fc.string({ unit: 'binary' });

const tensors = fc
  .uniqueArray(
    fc.record({
      name: text.filter((name) => name !== '' && name !== METADATA_KEY && !name.includes('\0')),
      dtype: fc.constantFrom(...PHYSICAL),
      shape: fc.array(fc.nat({ max: 9 }), { maxLength: 5 }),
    }),
    { selector: ({ name }) => name },
  )
  .map((all) => all.filter((tensor) => tensorFlaw(tensor) === undefined));

it('what is formatted is parsed again', () => {
  fc.assert(
    fc.property(tensors, fc.dictionary(text, text), (all, metadata) => {
      const { bytes, tensors: placed, dataBytes } = formatHeader(all, metadata);
      const header = parseHeader(bytes.subarray(8), dataBytes, { limits: defaultLimits });
      expect(bytes.length % 8).toBe(0);
      expect(header.notes).toEqual([]);
      expect(Object.entries(header.metadata).sort()).toEqual(Object.entries(metadata).sort());
      expect(header.tensors.map(({ name, dtype, shape }) => ({ name, dtype, shape }))).toEqual(
        // Tensors of no bytes share their place with a neighbour; both orders are the same file.
        [...placed].sort((a, b) => a.begin - b.begin || a.end - b.end).map(({ source }) => source),
      );
    }),
    { numRuns: 300 },
  );
});

it('the scanner takes what JSON.parse takes, and gives the same texts', () => {
  fc.assert(
    fc.property(
      fc.json({ maxDepth: 6 }),
      fc.nat(),
      fc.string({ unit: 'binary', maxLength: 1 }),
      (json, at, char) => {
        const changed =
          json.slice(0, at % (json.length + 1)) + char + json.slice((at % (json.length + 1)) + 1);
        for (const each of [json, changed]) {
          const scan = () => {
            const scanner = scanJson(each, { what: 'the text', depth: 100 });
            scanner.skip();
            scanner.end();
          };
          let parses = true;
          let infinite = false;
          try {
            JSON.parse(each, (_, value) => {
              infinite ||= value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY;
              return value;
            });
          } catch {
            parses = false;
          }
          // JSON.parse lets half surrogates pass, which UTF-8 cannot hold, and numbers such as 1e400.
          if (parses && !infinite && !/\\u[dD][89a-fA-F]|\p{Surrogate}/u.test(each))
            expect(scan, each).not.toThrow();
          else if (!parses) expect(scan, each).toThrow(expect.objectContaining({ name: 'TorshError' }));
        }
      },
    ),
    { numRuns: 2000 },
  );
});

it('texts come out as JSON.parse gives them', () => {
  fc.assert(
    fc.property(text, (value) => {
      const ascii = JSON.stringify(value).replace(
        /[\u007f-\uffff]/g,
        (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
      );
      for (const json of [JSON.stringify(value), ascii]) {
        expect(scanJson(json, { what: 'the text', depth: 1 }).string()).toBe(value);
      }
    }),
  );
});
