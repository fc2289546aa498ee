import fs from 'node:fs';
import nodePath from 'node:path';

/** Where the links of a folder may lead. */
export interface LinkBounds {
  /** Whether a real path (one without links) lies within them. */
  hold(real: string): boolean;
}

/**
 * A folder's links may lead to itself. The download cache of Hugging Face keeps every file of `snapshots/<revision>/`
 * as a link into the `blobs/` beside `snapshots/`, so that one folder is within bounds too, and nothing else is.
 */
export function linkBounds(root: string): LinkBounds {
  const roots = [root];
  for (let at = root; nodePath.dirname(at) !== at; at = nodePath.dirname(at)) {
    if (nodePath.basename(at) !== 'snapshots') continue;
    const blobs = nodePath.join(nodePath.dirname(at), 'blobs');
    // `blobs` must be a real folder: a link there could lead anywhere.
    if (fs.lstatSync(blobs, { throwIfNoEntry: false })?.isDirectory() === true) roots.push(blobs);
    break;
  }
  return { hold: (real) => roots.some((each) => isWithin(each, real)) };
}

function isWithin(root: string, path: string): boolean {
  const way = nodePath.relative(root, path);
  return way !== '..' && !way.startsWith(`..${nodePath.sep}`) && !nodePath.isAbsolute(way);
}
