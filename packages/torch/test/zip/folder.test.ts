import { expect, it } from 'vitest';
import { folderFor } from '../../src/zip/folder.ts';

// What torch 2.13 does with these names.
it.each([
  ['x.pt', 'x'],
  ['a.b.c', 'a.b'],
  ['foo.tar.gz', 'foo.tar'],
  ['folder/x.pt', 'x'],
  ['folder\\x.pt', 'x'],
  ['x', 'x'],
  ['.hidden.pt', '.hidden'],
  // It writes names that are not ASCII through a stream, and refuses those that leave nothing.
  ['größe.pt', 'archive'],
  ['.pt', 'archive'],
  ['..pt', 'archive'],
])('the folder in %s is %s', (name, folder) => {
  expect(folderFor(name)).toBe(folder);
});
