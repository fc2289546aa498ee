import { readdirSync, readFileSync } from 'node:fs';
import { allFormats } from '@torsh/formats';
import { describe, expect, it } from 'vitest';
import { inputOf, type Sample, sampleOf, testContext } from '../src/index.ts';

const root = new URL('../../../', import.meta.url);
const formats = allFormats();

/** Whose the files of a folder are, where they end in `suffix`; those named are someone else's, and all others nobody's. */
interface Rule {
  readonly folder: string;
  readonly owner?: string;
  readonly suffix?: string;
  readonly except?: Readonly<Record<string, string | undefined>>;
}

const torch = { owner: 'torch-save', suffix: '.pt' };
const pickle = { owner: 'pickle', suffix: '.pkl' };
const safetensors = { owner: 'safetensors', suffix: '.safetensors' };
const onnx = { owner: 'onnx', suffix: '.onnx' };
const torsh = { owner: 'torsh', suffix: '.torsh' };
const binIndex = { 'pytorch_model.bin.index.json': 'torch-sharded' };
const index = { 'model.safetensors.index.json': 'safetensors' };

const rules: readonly Rule[] = [
  { folder: 'fixtures/torch-save/', ...torch },
  {
    folder: 'fixtures/torchscript/',
    owner: 'torchscript',
    except: { 'README.md': undefined, 'expected.json': undefined, 'flatbuffer.ptl': undefined },
  },
  {
    folder: 'fixtures/scan-cases/',
    ...pickle,
    except: {
      // A persistent id and nothing else: no container, no name.
      'persid_text.pkl': undefined,
      'payload.weights': 'pickle',
      'payload.PKL': 'pickle',
      'payload_as.safetensors': 'pickle',
      'dup_data_pkl_first.pt': 'torch-save',
      'dup_data_pkl_last.pt': 'torch-save',
      'eocd_cd_offset_differential.pt': 'torch-save',
      'legacy_tar.pt': 'torch-tar',
      'legacy_payload_4th_pickle.pt': 'torch-legacy',
      'legacy_payload_6th_pickle.pt': 'torch-legacy',
      'legacy_payload_7th_pickle.pt': 'torch-legacy',
      'pkl_without_ext_in_zip.pt': 'torch-save',
      'uppercase_DATA_PKL_last.pt': 'torch-save',
    },
  },
  { folder: 'fixtures/torch-legacy/', owner: 'torch-legacy', suffix: '.pt' },
  ...['', 'words/', 'mistakes/', 'src/pond/'].map((name) => ({ folder: `fixtures/package-export/${name}` })),
  { folder: 'fixtures/torch-package/', owner: 'torch-package', suffix: '.pt' },
  ...['aviary', 'zoo', 'zoo/cards', 'zoo/deep'].map((name) => ({
    folder: `fixtures/generate/torch_package_code/${name}/`,
  })),
  { folder: 'fixtures/torch-export/', owner: 'torch-export', suffix: '.pt2' },
  { folder: 'fixtures/torch-sharded/' },
  { folder: 'fixtures/torch-sharded/zip/', owner: 'torch-save', suffix: '.bin', except: binIndex },
  { folder: 'fixtures/torch-sharded/legacy/', owner: 'torch-legacy', suffix: '.bin', except: binIndex },
  { folder: 'fixtures/torshpkg/', owner: 'torshpkg', suffix: '.torshpkg' },
  { folder: 'fixtures/torch-tar/', owner: 'torch-tar', suffix: '.pt' },
  { folder: 'fixtures/attacks/' },
  { folder: 'fixtures/onnx/', ...onnx },
  ...['folders', 'gaps', 'many', 'mixed', 'one', 'reversed', 'shared'].map((name) => ({
    folder: `fixtures/onnx/external-${name}/`,
    ...onnx,
  })),
  { folder: 'fixtures/onnx/external-folders/deep/er/' },
  {
    folder: 'fixtures/onnx/external-safetensors/',
    ...onnx,
    except: { 'model.safetensors': 'safetensors' },
  },
  {
    folder: 'fixtures/bypass/',
    ...pickle,
    except: {
      // A protocol that does not exist.
      'pkl-35-protocol-6.pkl': undefined,
      'tor-02-magic-from-eval.pt': 'pickle',
      'tor-05-plain-pickle.bin': 'pickle',
      'tor-09-two-folders.pt': 'torch-save',
      'tor-03-storages.pt': 'torch-tar',
      'tor-10-torchscript.pt': 'torchscript',
      'tor-11-negative.pt': 'torch-save',
      'tor-11-out-of-range.pt': 'torch-save',
      'tor-11-short-storage.pt': 'torch-save',
      'tor-11-stride.pt': 'torch-save',
    },
  },
  { folder: 'fixtures/pickle/', ...pickle },
  {
    folder: 'fixtures/bare-pickle/',
    ...pickle,
    except: {
      'joblib.joblib': 'pickle',
      'joblib-protocol-2.joblib': 'pickle',
      'nest-in-checkpoint.pt': 'torch-save',
    },
  },
  { folder: 'fixtures/generate/' },
  { folder: 'fixtures/safetensors/golden/', ...safetensors },
  { folder: 'fixtures/safetensors/cases/', ...safetensors },
  { folder: 'fixtures/safetensors/hub/plain/', ...safetensors, except: index },
  { folder: 'fixtures/safetensors/hub/tied/', ...safetensors, except: index },
  { folder: 'docs/spec/' },
  { folder: 'docs/spec/vectors/valid/', ...torsh },
  {
    folder: 'docs/spec/vectors/invalid/open/',
    ...torsh,
    // What says that a file is a .torsh is not at its beginning.
    except: { 'malformed-order.torsh': undefined, 'unsafe-before.torsh': undefined },
  },
  { folder: 'docs/spec/vectors/invalid/verify/', ...torsh },
];

const ownerOf = ({ owner, suffix = '', except = {} }: Rule, name: string): string | undefined =>
  name in except ? except[name] : name.endsWith(suffix) ? owner : undefined;

/** `format confidence` of every claim. */
async function claims(sample: Sample): Promise<string[]> {
  const found: string[] = [];
  for (const { id, detect } of formats) {
    const match = await detect(inputOf(sample), testContext());
    if (match !== undefined) found.push(`${id} ${match.confidence}`);
  }
  return found;
}

/** The README's first command makes an archive beside a checkpoint, and people try others: those are no fixtures. */
const isMade = (folder: string, name: string): boolean =>
  folder.startsWith('fixtures/torch') && name.endsWith('.torsh');

const filesIn = (folder: string): string[] =>
  readdirSync(new URL(folder, root), { withFileTypes: true })
    .filter((entry) => entry.isFile() && !isMade(folder, entry.name))
    .map(({ name }) => name);

describe('every file of every folder is claimed by its own format and by no other', () => {
  it.each(rules.map((rule) => [rule.folder, rule] as const))('%s', async (folder, rule) => {
    const [found, wanted]: [Record<string, string[]>, Record<string, string[]>] = [{}, {}];
    for (const name of filesIn(folder)) {
      const bytes = new Uint8Array(readFileSync(new URL(folder + name, root)));
      const owner = ownerOf(rule, name);
      found[name] = (await claims(sampleOf(name, bytes))).map((claim) => claim.split(' ')[0]!);
      wanted[name] = owner === undefined ? [] : [owner];
    }
    expect(Object.keys(found).length).toBeGreaterThan(0);
    expect(found).toEqual(wanted);
  });

  it('leaves out no folder of fixtures', () => {
    const folders = readdirSync(new URL('fixtures/', root), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath }) => `fixtures/${parentPath.split('/fixtures/')[1] ?? ''}/`.replace('//', '/'));
    const known = new Set(['fixtures/', ...rules.map(({ folder }) => folder)]);
    expect([...new Set(folders)].filter((folder) => !known.has(folder))).toEqual([]);
  });
});

describe('a name decides nothing that the bytes decide', () => {
  const named = (folder: string, name: string, as: string) =>
    sampleOf(as, new Uint8Array(readFileSync(new URL(folder + name, root))));

  it.each(['x', 'x.bin', 'x.zip', 'x.torsh', 'x.safetensors', 'model.safetensors.index.json'])(
    'a checkpoint called %s is a checkpoint',
    async (as) => {
      expect(await claims(named('fixtures/torch-save/', 'tiny.pt', as))).toEqual(['torch-save certain']);
    },
  );

  it.each(['x', 'x.bin', 'x.pt', 'x.torsh', 'x.zip'])('a safetensors file called %s is one', async (as) => {
    const [first] = filesIn('fixtures/safetensors/golden/').filter((name) => name.endsWith('.safetensors'));
    expect(await claims(named('fixtures/safetensors/golden/', first!, as))).toEqual(['safetensors certain']);
  });

  it.each(['x.pt', 'x.bin', 'x.torsh', 'x.safetensors'])('a pickle called %s is a pickle', async (as) => {
    expect(await claims(named('fixtures/scan-cases/', 'payload.weights', as))).toEqual(['pickle likely']);
  });

  it.each([
    ['a web page', '<!DOCTYPE html><html><body>Sign in</body></html>'],
    ['a git-lfs pointer', 'version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 12\n'],
    ['nothing', ''],
  ])('%s is nobody’s, whatever it is called', async (_, text) => {
    for (const as of ['x.pt', 'x.ckpt', 'x.torsh', 'x.safetensors', 'pytorch_model.bin']) {
      expect(await claims(sampleOf(as, new TextEncoder().encode(text))), as).toEqual([]);
    }
  });
});
