import { newName } from '@torsh/pickle';
import { isMark } from './marks.ts';
import { isRebuild } from './rebuild.ts';
import { dtypes, storageType } from './storage-types.ts';

/** Names that stand in every honest checkpoint and whose meaning torsh knows; what is not here is reported. */
const KNOWN = new Set([
  'collections.OrderedDict',
  'collections.defaultdict',
  'collections.Counter',
  'collections.deque',
  'builtins.set',
  'builtins.frozenset',
  'builtins.bytes',
  'builtins.bytearray',
  'builtins.complex',
  'builtins.range',
  'builtins.slice',
  'builtins.object',
  'builtins.list',
  'builtins.dict',
  'builtins.tuple',
  'builtins.int',
  'builtins.float',
  'builtins.str',
  'builtins.bool',
  'builtins.Ellipsis',
  'builtins.NotImplemented',
  'copyreg._reconstructor',
  'copyreg.__newobj__',
  '_codecs.encode',
  'argparse.Namespace',
  'datetime.datetime',
  'datetime.date',
  'datetime.timedelta',
  'pathlib.Path',
  'pathlib.PosixPath',
  'pathlib.PurePosixPath',
  'pathlib.WindowsPath',
  'numpy.ndarray',
  'numpy.dtype',
  'numpy.core.multiarray._reconstruct',
  'numpy.core.multiarray.scalar',
  'numpy._core.multiarray._reconstruct',
  'numpy._core.multiarray.scalar',
  'numpy.core.numeric._frombuffer',
  'numpy._core.numeric._frombuffer',
  'torch.jit._pickle.build_tensor_from_id',
  'torch.Size',
  'torch.device',
  'torch.Tensor',
  'torch.serialization._get_layout',
  'torch.storage._load_from_bytes',
  'joblib.numpy_pickle.NumpyArrayWrapper',
  'torch.per_tensor_affine',
  'torch.per_tensor_symmetric',
  'torch.per_channel_affine',
  'torch.per_channel_symmetric',
  'torch.per_channel_affine_float_qparams',
]);

/** True for a class or function that torsh knows by name. */
export function isKnown(module: string, name: string): boolean {
  const full = newName(module, name).join('.');
  if (KNOWN.has(full) || isRebuild(full) || isMark(full)) return true;
  if (module === 'torch' && (dtypes.has(name) || /Tensor$/.test(name))) return true;
  return /^torch(\.cuda|\.storage)?$/.test(module) && storageType(name) !== undefined;
}
