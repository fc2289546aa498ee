import fs from 'node:fs';
import os from 'node:os';
import nodePath from 'node:path';
import { fileURLToPath } from 'node:url';
import { formatHeader } from '@torsh/core';

const fixtures = fileURLToPath(new URL('../../../fixtures/', import.meta.url));

/** A new folder, whole path without links, removed by `dispose`. */
export function temporaryFolder(): { readonly path: string; dispose(): void } {
  const path = fs.realpathSync.native(fs.mkdtempSync(nodePath.join(os.tmpdir(), 'torsh-cli-')));
  return { path, dispose: () => fs.rmSync(path, { recursive: true, force: true }) };
}

/** The bytes of a safetensors file; the data is 0, 1, 2 …. */
export function safetensorsBytes(
  tensors: Parameters<typeof formatHeader>[0],
  metadata: { [key: string]: string } = {},
): Uint8Array {
  const { bytes, dataBytes } = formatHeader(tensors, metadata);
  const data = Uint8Array.from({ length: dataBytes }, (_, index) => index);
  return Buffer.concat([bytes, data]);
}

/** The files that every case of `cases/` finds in its folder. */
export function writeCaseFiles(folder: string): void {
  const write = (name: string, content: Uint8Array | string) =>
    fs.writeFileSync(nodePath.join(folder, name), content);
  const small = safetensorsBytes(
    [
      { name: 'layer.weight', dtype: 'F32', shape: [2, 3] },
      { name: 'layer.bias', dtype: 'F32', shape: [3] },
      { name: 'steps', dtype: 'I64', shape: [] },
    ],
    { note: 'made for tests' },
  );
  write('small.safetensors', small);
  write('cut.safetensors', small.subarray(0, small.length - 5));
  write('evil.safetensors', safetensorsBytes([{ name: 'a\x1b[31mred\u202e', dtype: 'U8', shape: [4] }]));
  const other = small.slice();
  other[other.length - 1]! ^= 0xff;
  write('other.safetensors', other);
  write('empty.pt', '');
  write('page.pt', '<!DOCTYPE html><html><body>Not found</body></html>');
  write('pointer.pt', 'version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 12\n');
  write('names.json', '{ "layer.*": "net.0.*", "steps": "count" }');
  write('clash.json', '[{ "from": "layer.*", "to": "same" }]');
  write('absent.json', '{ "decoder.*": "*", "steps": "count" }');
  write('broken.json', '{ "layer');
  fs.mkdirSync(nodePath.join(folder, 'lib', '__pycache__'), { recursive: true });
  write('lib/net.py', 'class Net:\n    pass\n');
  write('lib/__pycache__/net.pyc', 'compiled');
  write('prepare.py', 'import torch\n'.repeat(20));
  write('noise.bin', 'these are no weights at all');
  for (const name of ['tiny.pt', 'own-classes.pt', 'tied.pt', 'shape-timm.pt', 'module-buffers.pt']) {
    const fixture = nodePath.join(fixtures, 'torch-save', name);
    if (fs.existsSync(fixture)) fs.copyFileSync(fixture, nodePath.join(folder, name));
  }
  fs.cpSync(nodePath.join(fixtures, 'package-export'), nodePath.join(folder, 'pond'), { recursive: true });
  for (const name of ['if.onnx', 'wrong-size.onnx', 'external-gaps']) {
    fs.cpSync(nodePath.join(fixtures, 'onnx', name), nodePath.join(folder, 'onnx', name), {
      recursive: true,
    });
  }
  for (const name of ['net.pt', 'mocks.pt']) {
    fs.copyFileSync(nodePath.join(fixtures, 'torch-package', name), nodePath.join(folder, name));
  }
  fs.copyFileSync(nodePath.join(folder, 'tiny.pt'), nodePath.join(folder, 'best.pth.tar'));
  fs.copyFileSync(
    nodePath.join(fixtures, 'torch-export', 'everything.pt2'),
    nodePath.join(folder, 'program.pt2'),
  );
  // In a folder that no case lists or packs.
  write(
    'onnx/freeze.txt',
    'numpy==1.26.4\ntransformers==4.0.0\n-e git+https://example.org/mine@1#egg=mine\n',
  );
  write('onnx/powershell.txt', Buffer.from('\uFEFFnumpy==1.26.4\r\ntransformers==4.0.0\r\n', 'utf16le'));
  write(
    'onnx/env.json',
    JSON.stringify({
      python: '3.11.4',
      platform: 'linux',
      packages: { numpy: '1.26.4' },
      system: { CUDA: '12.4' },
    }),
  );
  fs.copyFileSync(
    nodePath.join(fixtures, 'torshpkg', 'golden-full.torshpkg'),
    nodePath.join(folder, 'onnx', 'golden.torshpkg'),
  );
  fs.mkdirSync(nodePath.join(folder, 'crate'));
  for (const name of ['golden-delta-base.torshpkg', 'golden-delta-target.torshpkg', 'golden.delta']) {
    fs.copyFileSync(nodePath.join(fixtures, 'torshpkg', name), nodePath.join(folder, 'crate', name));
  }
  fs.cpSync(nodePath.join(fixtures, 'torch-sharded', 'zip'), nodePath.join(folder, 'sharded'), {
    recursive: true,
  });
  for (const name of ['net.pt', 'script-shared.pt']) {
    fs.copyFileSync(nodePath.join(fixtures, 'torch-package', name), nodePath.join(folder, name));
  }
  for (const [name, fixture] of [
    ['script.pt', 'attributes.pt'],
    ['frozen.pt', 'frozen.pt'],
    ['flat.ptl', 'flatbuffer.ptl'],
  ] as const) {
    fs.copyFileSync(nodePath.join(fixtures, 'torchscript', fixture), nodePath.join(folder, name));
  }
}
