export type { FoundModule, ModuleFinder, TextErrors } from '@torsh/python';
export { sourceRoots } from '@torsh/python';
export { pickle } from './bare/format.ts';
export { torchExport } from './export/format.ts';
export { torchLegacy } from './legacy/format.ts';
export type { DependencyOptions, PackageDependencies } from './package/depend/dependencies.ts';
export { packageDependencies } from './package/depend/dependencies.ts';
export type { EditedPackage, EditOptions } from './package/edit/edit.ts';
export { editPackage } from './package/edit/edit.ts';
export type { FileEdit, PackageChanges, PackageEdits, SourceEdit } from './package/edit/edits.ts';
export type { BrokenModule } from './package/export/errors.ts';
export { EmptyMatchError, findFirstUseOfBrokenModules, PackagingError } from './package/export/errors.ts';
export type { ActionHook } from './package/export/exporter.ts';
export { PackageExporter } from './package/export/exporter.ts';
export type { HookHandle } from './package/export/hooks.ts';
export type { MissingImport } from './package/export/module-graph.ts';
export type { ModulesOptions } from './package/export/module-graph-of.ts';
export type { ModulesNeeded } from './package/export/modules-needed.ts';
export { modulesNeeded } from './package/export/modules-needed.ts';
export type { Action, ExportNode, Problem } from './package/export/node.ts';
export type {
  PackageExporterOptions,
  SaveOptions,
  SavePickleOptions,
  SaveSourceOptions,
} from './package/export/options.ts';
export type { PatternOptions } from './package/export/patterns.ts';
export type { TensorNumbers, TensorOptions, TensorStorage } from './package/export/tensors.ts';
export { pyStorage, pyTensor } from './package/export/tensors.ts';
export {
  pyCall,
  pyDict,
  pyFloat,
  pyGlobal,
  pyObject,
  pyOrderedDict,
  pyStateDict,
  pyTuple,
  pyValue,
} from './package/export/values.ts';
export { torchPackage } from './package/format/format.ts';
export type { Directory } from './package/read/directory.ts';
export { directory } from './package/read/directory.ts';
export type { FileStructureOptions, PackageImporter, PackageOptions } from './package/read/importer.ts';
export { openPackage } from './package/read/importer.ts';
export { listFiles } from './package/read/list-files.ts';
export type { PackageModule } from './package/read/module-tree.ts';
export type { ReducedObject } from './package/read/persistent.ts';
export type { LoadedPickle } from './package/read/pickle.ts';
export type { PackageResources } from './package/read/resources.ts';
export type { PackagedScript } from './package/read/script.ts';
export type { Lost, Trouble } from './salvage/lost.ts';
export type { Salvage } from './salvage/salvage.ts';
export { salvage } from './salvage/salvage.ts';
export { torchSave } from './save/format.ts';
export { torchScript } from './script/format.ts';
export { torchSharded } from './sharded/format.ts';
export type { ShardedOptions } from './sharded/options.ts';
export type {
  PickleReport,
  Survey,
  SurveyError,
  SurveyGlobal,
  SurveyNote,
  Unseen,
} from './survey/report.ts';
export { survey } from './survey/survey.ts';
export { torchTar } from './tar/format.ts';
