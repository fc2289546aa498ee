export type { Fetch, UrlOptions } from './options.ts';
export type { UrlSource } from './url.ts';
export { fromUrl } from './url.ts';
export type { UrlFolder } from './url-folder.ts';
export { fromUrlFolder } from './url-folder.ts';
