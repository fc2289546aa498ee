export type { Archive, Json, JsonObject, Model, Resource, ResourceRole, Tensor } from './archive.ts';
export { archive, DEFAULT_MODEL, model, tensorsOf } from './archive.ts';
export type { Difference } from './compare.ts';
export { compare } from './compare.ts';
export type { Options } from './context.ts';
export { createContext } from './context.ts';
export type { ConvertOptions, Output, Report } from './convert.ts';
export { convert } from './convert.ts';
export type { Description } from './describe.ts';
export { describe } from './describe.ts';
export { detect } from './detect.ts';
export type {
  AliasDifference,
  Diff,
  DiffOptions,
  FileDifference,
  FileDifferences,
  FileFacts,
  JsonDifference,
  LineDifference,
  TensorDifference,
  TensorDifferences,
  TensorFacts,
  ValueDifference,
} from './diff/index.ts';
export { diff } from './diff/index.ts';
export type { DigestEachOptions } from './digest-each.ts';
export { digestEach } from './digest-each.ts';
export type { DrawOptions } from './draw.ts';
export { draw } from './draw.ts';
export type { DType, LogicalDType, PhysicalDType } from './dtype.ts';
export { bitsOf, bytesOf, elementsOf, isDType, isPhysical, PHYSICAL, storedAs } from './dtype.ts';
export { fitModels } from './fit.ts';
export type {
  Content,
  Context,
  Drawing,
  Finding,
  Format,
  Input,
  Match,
  Progress,
  Reader,
  Summary,
  Writer,
} from './format.ts';
export { entrySource, head } from './input.ts';
export type { Issue } from './issue.ts';
export { matches } from './matches.ts';
export { open } from './open.ts';
export { formatNamed, formatOf, openAs } from './open-in.ts';
export type {
  Dependencies,
  DependencyCheck,
  DependencyFinding,
  DependencyForm,
  Environment,
  ExportedDependencies,
  InstalledPackage,
  Marker,
  MarkerValue,
  PythonRequirement,
  RequirementsText,
  Resolution,
  Resolved,
  SystemRequirement,
  Unreadable,
  Verdict,
  Want,
} from './package/dependencies/index.ts';
export {
  checkDependencies,
  dependencies,
  environmentOf,
  evaluateMarker,
  formatPythonRequirement,
  formOf,
  normalName,
  parseDependencies,
  parseEnvironment,
  parseMarker,
  parsePythonRequirement,
  parseRequirementsText,
  resolveTogether,
  toConda,
  toRequirements,
} from './package/dependencies/index.ts';
export type {
  ExportConfig,
  Extracted,
  ExtractOptions,
  ModelInput,
  Package,
  PackageExporter,
  PackageManifest,
  PackageMetadata,
  PackageOptions,
  PackagePatch,
  PackageResource,
  PackageUpdater,
  ResourceContent,
  ResourceType,
  TensorInput,
  TensorInputs,
  TypedArray,
  UpdateConfig,
  Written,
} from './package/index.ts';
export {
  extractPackage,
  inspectPackage,
  loadPackage,
  packageExporter,
  packagePatch,
  packageUpdater,
  RESOURCE_TYPES,
  typeByName,
} from './package/index.ts';
export { mediaTypeOf } from './package/media-type.ts';
export type {
  Pep440Version,
  Specifier,
  SpecifierIntersection,
  SpecifierOperator,
  Specifiers,
} from './package/pep440/index.ts';
export {
  comparePep440,
  formatPep440,
  formatSpecifiers,
  intersectSpecifiers,
  parsePep440,
  parseSpecifiers,
  satisfiesSpecifiers,
} from './package/pep440/index.ts';
export type {
  Comparator,
  Requirement,
  RequirementDialect,
  RequirementOptions,
  Version,
  VersionIncrement,
} from './package/version/index.ts';
export {
  compareVersions,
  formatRequirement,
  formatVersion,
  incrementVersion,
  intersectRequirements,
  parseRequirement,
  parseVersion,
  satisfies,
} from './package/version/index.ts';
export type { Identity, Patch, PatchHead, PatchOptions, PatchSide, Step } from './patch/index.ts';
export { applyPatch, createPatch, isPatch, openPatch } from './patch/index.ts';
export type { Plan } from './plan.ts';
export { plan } from './plan.ts';
export { counting } from './progress.ts';
export { PROVENANCE } from './provenance.ts';
export type { RenameRule } from './rename.ts';
export { parseRenames, rename } from './rename.ts';
export { RequestError } from './request.ts';
export type {
  Declarations,
  FormattedHeader,
  Header,
  HeaderOptions,
  HeaderTensor,
  JsonOptions,
  JsonScanner,
  ReadSafetensorsOptions,
  Safetensors,
  TensorInfo,
} from './safetensors/index.ts';
export {
  ALIASES_KEY,
  applyDeclarations,
  DTYPES_KEY,
  formatDeclarations,
  formatHeader,
  headerLength,
  METADATA_KEY,
  nameOrder,
  parseDeclarations,
  parseHeader,
  readSafetensors,
  scanJson,
  tensorFlaw,
} from './safetensors/index.ts';
export { isRole, select } from './select.ts';
export type { Role, Shape } from './shape.ts';
export { ROLES, rolesByName, shapeOf } from './shape.ts';
export type { ModelShard, ShardIndex, ShardOptions } from './shards/index.ts';
export { checkShardBytes, formatShardIndex, readShardIndex, shardsOf } from './shards/index.ts';
export type { Compression, TorshOptions } from './torsh/index.ts';
export { isFileRole, parseJson, torsh } from './torsh/index.ts';
export type { Wishes } from './transform.ts';
export { transform } from './transform.ts';
export type { Validation } from './validate.ts';
export { validate } from './validate.ts';
export type { Verification } from './verify.ts';
export { verify } from './verify.ts';
