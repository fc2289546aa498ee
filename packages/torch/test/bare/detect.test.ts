import { fromBytes, fromFiles, webPlatform } from '@torsh/bytes';
import { createContext } from '@torsh/core';
import { describe, expect, it } from 'vitest';
import { pickle } from '../../src/index.ts';

const context = createContext({ formats: [], platform: webPlatform });

async function claimed(bytes: Uint8Array): Promise<boolean> {
  const input = { files: fromFiles(new Map([['x', fromBytes(bytes)]])), entry: 'x' };
  const match = await pickle().detect(input, context);
  expect([undefined, 'likely']).toContain(match?.confidence);
  return match !== undefined;
}

const text = (content: string) => new TextEncoder().encode(content);
const hex = (content: string) => Uint8Array.from(content.match(/../g)!, (byte) => Number.parseInt(byte, 16));

describe('what is a pickle', () => {
  it.each<[string, Uint8Array]>([
    ['an empty dict of protocol 2', hex('80027d2e')],
    ['a number of protocol 4', hex('80044b012e')],
    ['one that is cut off in its frame', hex('8004950a000000000000005d')],
    ['one that breaks behind some opcodes', hex('80024e4e4e4eff')],
    ['one that asks for a buffer outside of it', hex('8005972e')],
    ['a list of protocol 0', text('(lp0\nI1\na.')],
    ['a dict of protocol 1', hex('7d71002e')],
    ['a text behind which something is imported', text("S'x'\ncposix\ngetcwd\n)R.")],
    ['one of protocol 0 that goes on behind what is looked at', text(`(l${'I1\na'.repeat(20_000)}`)],
  ])('%s', async (_, bytes) => expect(await claimed(bytes)).toBe(true));
});

describe('what is none', () => {
  it.each<[string, Uint8Array]>([
    ['nothing', new Uint8Array()],
    ['one byte', hex('80')],
    ['a file of the old torch.save', hex('80028a0a6cfc9c46f920a86a50192e'.replace('a86a50', '6aa850'))],
    ['the same in protocol 0', text('L119547037146038801333356L\n.')],
    ['PROTO, and no opcode', hex('8002ff0000000000')],
    ['safetensors with a header of 0x280 bytes', hex('80020000000000007b22')],
    ['a plain number', text('I1\n.')],
    ['a plain text', text("S'a'\n.")],
    ['JSON', text('{"a": [1, 2, 3]}')],
    ['a list of JSON', text('[1, 2, 3]')],
    ['a web page', text('<!DOCTYPE html><html></html>')],
    ['Lisp', text('(define (square x) (* x x))\n')],
    ['YAML', text('list:\n  - a\n  - b\n')],
    ['INI', text('}\n]\n')],
    ['a licence', text('(c) 2024 Somebody. All rights reserved.\n')],
    ['C', text('char *name;\nint main(void) { return 0; }\n')],
    ['one long line that begins as a name', text('c'.repeat(100_000))],
    ['long text', text('(See the file LICENSE for details.)\n'.repeat(5_000))],
    ['GGUF', hex('4747554603000000010000000000000002000000')],
    ['HDF5', hex('894844460d0a1a0a00000000')],
    ['ONNX', hex('08071207707974')],
    ['zeros', new Uint8Array(100_000)],
  ])('%s', async (_, bytes) => expect(await claimed(bytes)).toBe(false));
});
