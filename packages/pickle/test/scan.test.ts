import { readFileSync } from 'node:fs';
import { defaultLimits } from '@torsh/bytes';
import { scan } from '@torsh/pickle';
import { describe, expect, test } from 'vitest';
import { ascii, hex } from './support.ts';

const folder = new URL('../../../fixtures/scan-cases/', import.meta.url);
const load = (name: string) => new Uint8Array(readFileSync(new URL(name, folder)));

/** What a scan says in one line: status, error and its place, every import and its place, notes. */
function summary(bytes: Uint8Array): string[] {
  const { status, error, globals, notes } = scan(bytes, defaultLimits);
  return [
    error === undefined ? status : `${status} ${error.code}@${error.offset}`,
    ...globals.map(({ opcode, offset, module = '?', name = '?' }) => `${opcode}@${offset} ${module} ${name}`),
    ...notes.map(({ code, offset }) => `${code}@${offset}`),
  ];
}

describe('known attacks: what is named is found, wherever it hides', () => {
  const cases: Readonly<Record<string, readonly string[]>> = {
    'after_stop.pkl': ['complete', 'GLOBAL@19 posix getcwd', 'several-pickles@17'],
    'after_stop_junk.pkl': [
      'partial malformed@17',
      'GLOBAL@21 posix getcwd',
      'bytes-after-stop@17',
      'several-pickles@19',
    ],
    'binput_huge.pkl': ['complete'],
    'binunicode8.pkl': ['complete', 'STACK_GLOBAL@24 posix getcwd'],
    'build_setstate_dict.pkl': ['complete', 'GLOBAL@2 collections OrderedDict'],
    'build_slotstate_setattr.pkl': ['complete', 'GLOBAL@2 numpy prod'],
    'comment_in_module.pkl': ['complete', 'GLOBAL@0 posix  getcwd', 'carriage-return@0'],
    'defaultdict_factory.pkl': ['complete', 'GLOBAL@2 collections defaultdict', 'GLOBAL@27 builtins print'],
    'dup_string_stack_global.pkl': ['complete', 'STACK_GLOBAL@18 posix getcwd'],
    'ext1.pkl': ['complete', 'EXT1@2 ? ?'],
    'fix_imports.pkl': ['complete', 'GLOBAL@2 __builtin__ unichr'],
    // A reader without frames sees bytes where CPython, reading from a file, sees an import.
    'frame_hidden_global.pkl': [
      'partial',
      'GLOBAL@131078 os getcwd',
      'frame-crossed@131071',
      'hidden-by-frame@131078',
    ],
    'frame_short.pkl': ['partial', 'frame-crossed@11'],
    'global_with_dotted_attr.pkl': ['complete', 'STACK_GLOBAL@22 pathlib os.getcwd'],
    'huge_long4.pkl': ['partial truncated@2'],
    'importlib.pkl': ['complete', 'STACK_GLOBAL@28 importlib import_module'],
    'inst.pkl': ['complete', 'INST@1 posix getcwd'],
    'int_hex_differential.pkl': ['complete', 'GLOBAL@7 posix getcwd', 'int-text@0'],
    'invalid_opcode_after_reduce.pkl': ['partial malformed@22', 'GLOBAL@2 posix getcwd'],
    'legacy_payload_4th_pickle.pt': ['complete', 'GLOBAL@98 posix getcwd', 'several-pickles@15'],
    'legacy_payload_6th_pickle.pt': ['complete', 'GLOBAL@110 posix getcwd', 'several-pickles@15'],
    'legacy_payload_7th_pickle.pt': ['complete', 'GLOBAL@114 posix getcwd', 'several-pickles@15'],
    'load_from_bytes_nested.pkl': ['complete', 'GLOBAL@2 torch.storage _load_from_bytes'],
    // The second one is in a ZIP that follows the pickle.
    'long1_zip_polyglot.pkl': [
      'partial malformed@23',
      'GLOBAL@2 posix getcwd',
      'GLOBAL@71 posix getcwd',
      'bytes-after-stop@23',
      'several-pickles@69',
    ],
    'memo_overwrite.pkl': ['complete', 'STACK_GLOBAL@55 posix getcwd'],
    'module_builtins_attr.pkl': [
      'complete',
      'STACK_GLOBAL@15 numpy size',
      'STACK_GLOBAL@38 numpy __builtins__',
    ],
    'newobj_ex.pkl': ['complete', 'GLOBAL@2 posix getcwd'],
    'no_stop_truncated.pkl': ['partial truncated@22', 'GLOBAL@2 posix getcwd'],
    'obj.pkl': ['complete', 'GLOBAL@1 posix getcwd'],
    'payload.PKL': ['complete', 'GLOBAL@2 posix getcwd'],
    'payload.weights': ['complete', 'GLOBAL@2 posix getcwd'],
    'payload_as.safetensors': ['complete', 'GLOBAL@2 posix getcwd'],
    'persid_text.pkl': ['complete'],
    'proto0_crlf.pkl': ['complete', 'GLOBAL@0 posix\r getcwd\r', 'carriage-return@0'],
    'py2_mapping.pkl': ['complete', 'GLOBAL@2 commands getoutput'],
    'readonly_buffer_next.pkl': ['partial unsupported@2'],
    'stack_global_reduce_built.pkl': ['complete', 'GLOBAL@2 builtins getattr', 'STACK_GLOBAL@49 ? getcwd'],
    'storage_suffix_global.pkl': ['complete', 'GLOBAL@2 foo BarStorage'],
    'string_escape.pkl': ['complete', 'STACK_GLOBAL@22 posix getcwd'],
    'unicode_escape.pkl': ['complete', 'STACK_GLOBAL@20 posix getcwd'],
    // Compressed: no pickle to this reader, and never called complete.
    'payload.joblib': ['partial malformed@0'],
    'payload.pkl.gz': ['partial malformed@0'],
  };
  test.each(Object.entries(cases))('%s', (name, expected) => {
    expect(summary(load(name))).toEqual(expected);
  });
});

test('a container is not a pickle, and is never called complete', () => {
  const containers = [
    'dup_data_pkl_first.pt',
    'eocd_cd_offset_differential.pt',
    'pkl_without_ext_in_zip.pt',
    'uppercase_DATA_PKL_last.pt',
    'legacy_tar.pt',
    'nested_zip.zip',
  ];
  for (const name of containers) expect(scan(load(name), defaultLimits).status, name).toBe('partial');
});

test('names in damaged bytes behind a pickle count only if they look like names', () => {
  expect(summary(hex("'N.' 'cposix' 0a 'system' 0a 'R.'"))).toEqual([
    'partial malformed@16',
    'GLOBAL@2 posix system',
    'bytes-after-stop@2',
  ]);
  expect(summary(hex("'N.' 'c' 01 02 'x' 0a 'y!' 0a ff"))).toEqual([
    'partial malformed@10',
    'bytes-after-stop@2',
  ]);
});

test('an import that only the framed reading has is found even where the plain reading fails', () => {
  const bytes = hex("80 04 95 02 00 00 00 00 00 00 00 'B' ff  01 00 00 00 00 'cos' 0a 'getcwd' 0a ')R.'");
  expect(summary(bytes)).toEqual(['partial truncated@11', 'GLOBAL@18 os getcwd', 'hidden-by-frame@18']);
});

test('nothing at all is no pickle', () => {
  expect(scan(new Uint8Array(0), defaultLimits)).toMatchObject({
    status: 'partial',
    error: { code: 'truncated' },
    pickles: [],
  });
});

test('many pickles in one file', () => {
  expect(scan(ascii('N.N.N.'), defaultLimits).pickles).toEqual([
    { start: 0, end: 2 },
    { start: 2, end: 4 },
    { start: 4, end: 6 },
  ]);
});

test('a frame that claims more than there is hides nothing: the unpickler in Python reads on', () => {
  const bytes = hex("80 04 95 ff 00 00 00 00 00 00 00 'cos' 0a 'getcwd' 0a ')R.'");
  expect(summary(bytes)).toEqual(['partial truncated@2', 'GLOBAL@11 os getcwd', 'frame-past-end@2']);
});

test('as many pickles as are asked for, and whoever asks sees their persistent ids', () => {
  const ids: unknown[] = [];
  const resolve = (id: unknown) => void ids.push(id);
  const found = scan(ascii('Pa\n.Pb\n.junk'), defaultLimits, { most: 2, resolve });
  expect(found).toMatchObject({ status: 'complete', pickles: [{ start: 0 }, { start: 4 }] });
  expect(ids).toEqual(['a', 'b']);
});
