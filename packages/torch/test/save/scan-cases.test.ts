import { readdirSync, readFileSync } from 'node:fs';
import { fromBytes, fromFiles, isTorshError, webPlatform } from '@torsh/bytes';
import { createContext, type Issue } from '@torsh/core';
import { describe, expect, it } from 'vitest';
import { torchSave } from '../../src/index.ts';
import { file, open } from '../support.ts';

const folder = new URL('../../../../fixtures/scan-cases/', import.meta.url);
const names = readdirSync(folder).filter((name) => name !== 'README.md');
const load = (name: string) => new Uint8Array(readFileSync(new URL(name, folder)));

/** The code and the place of the error; or what was reported, each with the byte that its message speaks of. */
async function outcome(bytes: Uint8Array): Promise<readonly string[]> {
  try {
    return (await open(bytes)).issues.map(told);
  } catch (error) {
    if (!isTorshError(error)) throw error;
    const at = error.offset === undefined ? '' : `@${error.offset}`;
    return [error.path === undefined ? `${error.code}${at}` : `${error.code} ${error.path}${at}`];
  }
}

function told({ severity, code, subject, message }: Issue): string {
  const at = /\bbyte (\d+)/.exec(message)?.[1];
  const what = severity === 'note' ? code : `${severity} ${code}`;
  const whose = code === 'opaque' || code === 'unused-record' ? ` ${subject}` : '';
  return at === undefined ? `${what}${whose}` : `${what}${whose}@${at}`;
}

describe('hostile files, as they are', () => {
  /** Files that the format claims; it leaves all others alone. */
  const claimed: Readonly<Record<string, readonly string[]>> = {
    // torch takes the last record of a name, other readers the first.
    'dup_data_pkl_first.pt': ['unsafe archive/data.pkl@69'],
    'dup_data_pkl_last.pt': ['unsafe archive/data.pkl@580'],
    // torch does not tell upper case from lower.
    'uppercase_DATA_PKL_last.pt': ['unsafe archive/DATA.PKL@580'],
    // Two directories: one at the offset that the end record says, one where its size leads.
    'eocd_cd_offset_differential.pt': ['unsafe@5947'],
    // A pickle in a record that torch does not look at.
    'pkl_without_ext_in_zip.pt': ['loss unused-record extra'],
  };
  /** Other files that are ZIPs, or end like one. All that are left have no directory: `truncated` at their end. */
  const zips: Readonly<Record<string, readonly string[]>> = {
    'nested_zip.zip': ['malformed inner.zip'],
    'nested_pt_in_zip.zip': ['malformed inner.pt'],
    // A ZIP behind a pickle: its offsets are those of the ZIP alone.
    'long1_zip_polyglot.pkl': ['unsafe@154'],
  };

  it.each(names)('%s', async (name) => {
    const bytes = load(name);
    const context = createContext({ formats: [], platform: webPlatform });
    const input = { files: fromFiles(new Map([[name, fromBytes(bytes)]])), entry: name };
    const match = await torchSave().detect(input, context);
    expect(match?.confidence).toBe(name in claimed ? 'certain' : undefined);
    expect(await outcome(bytes)).toEqual(claimed[name] ?? zips[name] ?? [`truncated@${bytes.length}`]);
  });
});

describe('hostile pickles, as the data.pkl of a checkpoint: every name that is used is told, with its place', () => {
  const behind = (offset: number) => `loss bytes-behind-pickle@${offset}`;
  const expected: Readonly<Record<string, readonly string[]>> = {
    'after_stop.pkl': [behind(17)],
    'after_stop_junk.pkl': [behind(17)],
    'binput_huge.pkl': [],
    'binunicode8.pkl': ['opaque posix.getcwd@24'],
    'build_setstate_dict.pkl': [],
    'build_slotstate_setattr.pkl': ['opaque numpy.prod@2'],
    'comment_in_module.pkl': ['opaque posix .getcwd@0', 'pickle-carriage-return@0'],
    'defaultdict_factory.pkl': ['opaque builtins.print@27'],
    'dup_string_stack_global.pkl': ['opaque posix.getcwd@18'],
    'ext1.pkl': ['opaque a name that is made while the file is read (EXT1)@2'],
    'fix_imports.pkl': ['opaque builtins.chr@2'],
    // What CPython would run is behind a frame that is too short; where readers part is told.
    'frame_hidden_global.pkl': ['pickle-frame-crossed@131071'],
    'frame_short.pkl': ['pickle-frame-crossed@11'],
    'global_with_dotted_attr.pkl': ['opaque pathlib.os.getcwd@22'],
    'huge_long4.pkl': ['truncated data.pkl@2'],
    'importlib.pkl': ['opaque importlib.import_module@28'],
    'inst.pkl': ['opaque posix.getcwd@1'],
    'int_hex_differential.pkl': ['opaque posix.getcwd@7', 'pickle-int-text@0'],
    'invalid_opcode_after_reduce.pkl': ['malformed data.pkl@22'],
    'load_from_bytes_nested.pkl': [
      'opaque torch.storage._load_from_bytes@64',
      'opaque posix.getcwd@41',
      'pickle-bytes-after-stop@58',
    ],
    'long1_zip_polyglot.pkl': ['opaque posix.getcwd@2', behind(23)],
    'memo_overwrite.pkl': ['opaque posix.getcwd@55'],
    'module_builtins_attr.pkl': ['opaque numpy.size@15', 'opaque numpy.__builtins__@38'],
    'newobj_ex.pkl': ['opaque posix.getcwd@2'],
    'no_stop_truncated.pkl': ['truncated data.pkl@22'],
    'obj.pkl': ['opaque posix.getcwd@1'],
    'payload.PKL': ['opaque posix.getcwd@2'],
    'payload.joblib': ['malformed data.pkl@0'],
    'payload.pkl.gz': ['malformed data.pkl@0'],
    'payload.weights': ['opaque posix.getcwd@2'],
    'payload_as.safetensors': ['opaque posix.getcwd@2'],
    'persid_text.pkl': ['malformed data.pkl'],
    'proto0_crlf.pkl': ['opaque posix\r.getcwd\r@0', 'pickle-carriage-return@0'],
    'py2_mapping.pkl': ['opaque subprocess.getoutput@2'],
    'readonly_buffer_next.pkl': ['unsupported data.pkl@2'],
    'stack_global_reduce_built.pkl': [
      'opaque builtins.getattr@2',
      'opaque a name that is made while the file is read (STACK_GLOBAL)@49',
    ],
    'storage_suffix_global.pkl': ['opaque foo.BarStorage@2'],
    'string_escape.pkl': ['opaque posix.getcwd@22'],
    'unicode_escape.pkl': ['opaque posix.getcwd@20'],
    // Of the files of the old torch.save, the first pickle is a number.
    'legacy_payload_4th_pickle.pt': [behind(15)],
    'legacy_payload_6th_pickle.pt': [behind(15)],
    'legacy_payload_7th_pickle.pt': [behind(15)],
  };

  it.each(names)('%s', async (name) => {
    const bytes = load(name);
    // What is a ZIP or a tar is no pickle: its first bytes are opcodes that make no sense.
    expect(await outcome(await file({ pickle: bytes }, {}))).toEqual(
      expected[name] ?? ['malformed data.pkl@0'],
    );
  });

  it('has no answer for a file that is not there', () => {
    expect(Object.keys(expected).filter((name) => !names.includes(name))).toEqual([]);
  });
});
