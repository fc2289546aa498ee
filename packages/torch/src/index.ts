export { pickle } from './bare/format.ts';
export { torchExport } from './export/format.ts';
export { torchLegacy } from './legacy/format.ts';
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
