import { type Format, torsh } from '@torsh/core';
import { onnx } from '@torsh/onnx';
import { safetensors } from '@torsh/safetensors';
import {
  pickle,
  torchExport,
  torchLegacy,
  torchPackage,
  torchSave,
  torchScript,
  torchSharded,
  torchTar,
} from '@torsh/torch';
import { torshpkg } from '@torsh/torshpkg';

/** What may be asked of formats that are taken from the list; each format's own factory has more to choose. */
export interface FormatOptions {
  /** Write safetensors and PyTorch's checkpoints in shards of at most so many bytes. */
  readonly maxShardBytes?: number | undefined;
  /** Of ONNX models that are written, put initializers of at least so many bytes into a file beside them. */
  readonly externalData?: number | undefined;
  /** What that file is. */
  readonly weightsIn?: 'data' | 'safetensors' | undefined;
}

/** Every format that torsh knows: the one list to which a new format is added. */
export function allFormats({
  maxShardBytes,
  externalData,
  weightsIn,
}: FormatOptions = {}): readonly Format[] {
  return [
    torsh(),
    safetensors({ maxShardBytes }),
    torchSave(),
    torchLegacy(),
    torchTar(),
    torchScript(),
    torchExport(),
    torchPackage(),
    torchSharded({ maxShardBytes }),
    pickle(),
    torshpkg(),
    onnx({ externalData, weightsIn }),
  ];
}
