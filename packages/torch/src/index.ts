export { torchSave } from './save/format.ts';
