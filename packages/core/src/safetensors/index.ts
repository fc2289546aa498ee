export type { Declarations } from './declarations.ts';
export {
  ALIASES_KEY,
  applyDeclarations,
  DTYPES_KEY,
  formatDeclarations,
  parseDeclarations,
} from './declarations.ts';
export type { FormattedHeader, TensorInfo } from './format-header.ts';
export { formatHeader, tensorFlaw } from './format-header.ts';
export type { Header, HeaderOptions, HeaderTensor } from './header.ts';
export { METADATA_KEY, parseHeader } from './header.ts';
export type { JsonOptions, JsonScanner } from './json.ts';
export { scanJson } from './json.ts';
export { nameOrder } from './order.ts';
export type { ReadSafetensorsOptions, Safetensors } from './read.ts';
export { headerLength, readSafetensors } from './read.ts';
