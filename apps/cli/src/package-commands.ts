import type { Command, Option } from './command.ts';
import { header, help, json, limit, quiet } from './shared-options.ts';

const force: Option = { short: 'f', about: 'replace an output that exists' };
const noFsync: Option = { about: 'do not wait until the result is on the disk' };
const compress: Option = {
  about: 'deflate code and files, each where that makes it smaller; weights stay as they are',
};
const output: Option = {
  short: 'o',
  value: '<file>',
  complete: 'file',
  about: 'write the changed package to this file, and leave the old one as it is',
};

/** What goes into a package. */
const contents = {
  model: {
    value: '<name=file>',
    many: true,
    complete: 'file',
    about: 'a model from a file of any format, under this name (repeatable)',
  },
  resource: {
    value: '<path=file:type>',
    many: true,
    complete: 'file',
    about:
      'a file, and what it is: Json, Tokenizer, Python, Code, Data, Binary, Text, Config, Documentation, Licence, Model; its name tells where nobody does (repeatable)',
  },
  code: {
    value: '<path=file>',
    many: true,
    complete: 'file',
    about: 'a file of code, or a folder with all of its files (repeatable)',
  },
  requires: {
    value: '<need>',
    many: true,
    complete: [],
    about: 'what the package needs: "numpy>=1.20", "torsh>=0.1.0", "system:cuda>=11.0" (repeatable)',
  },
} as const satisfies Readonly<Record<string, Option>>;

/** Options of every command that changes a package. */
const change = { output, force, 'no-fsync': noFsync, limit, header, json, quiet, help };

/** The commands that make and change packages. */
export const packageCommands: readonly Command[] = [
  {
    name: 'new',
    about: 'make a package of models, code and files',
    usage: ['torsh new <package.torsh> [--model <name=file>] [--resource <path=file>] …'],
    words: { least: 1, most: 1, complete: 'file' },
    options: {
      name: {
        value: '<name>',
        complete: [],
        about: 'the name of the package; that of the file where nobody says it',
      },
      version: { value: '<version>', complete: [], about: 'its version, such as 1.0.0' },
      author: { value: '<text>', complete: [], about: 'who made it' },
      description: { value: '<text>', complete: [], about: 'what it is' },
      licence: { value: '<text>', complete: [], about: 'its licence, best an SPDX expression' },
      created: {
        value: '<now|date>',
        complete: ['now'],
        about: 'record when it was made (otherwise SOURCE_DATE_EPOCH, or nothing)',
      },
      ...contents,
      compress,
      force,
      'no-fsync': noFsync,
      limit,
      header,
      json,
      quiet,
      help,
    },
    notes: [
      'Of the file of a model only tensors and tied names are taken; `torsh convert` keeps all of one file.',
      'Names and contents are checked before anything is written.',
    ],
    examples: [
      ['torsh new net.torsh --version 1.0.0 --model net=net.pt --code src', 'weights and code'],
      ['torsh new net.torsh --model net.safetensors --resource config.json', 'names taken from the files'],
      ['torsh new net.torsh --resource notes.md=docs/a.md:Documentation --compress', 'path, file and type'],
    ],
    load: async () => (await import('./commands/new.ts')).runNew,
  },
  {
    name: 'add',
    about: 'put models and files into a package',
    usage: ['torsh add <package> [--model <name=file>] [--resource <path=file>] …'],
    words: { least: 1, most: 1, complete: 'file' },
    options: {
      ...contents,
      replace: { about: 'replace models and files that are there' },
      compress,
      ...change,
    },
    notes: [
      'The package is changed in its place, in one step: at every moment the file is the old package or the new one.',
      'What does not change is copied as it is. --output leaves the old package alone.',
    ],
    examples: [
      ['torsh add net.torsh --resource tokenizer.json', 'one more file'],
      ['torsh add net.torsh --model net=tuned.pt --replace', 'other weights'],
      ['torsh add net.torsh --requires "numpy>=1.20" -o new.torsh', 'in another file'],
    ],
    load: async () => (await import('./commands/add.ts')).runAdd,
  },
  {
    name: 'remove',
    about: 'take models and files out of a package',
    usage: ['torsh remove <package> [--model <name>] [--resource <path>] [--requires <name>]'],
    words: { least: 1, most: 1, complete: 'file' },
    options: {
      model: { value: '<name>', many: true, complete: [], about: 'a model (repeatable)' },
      resource: {
        value: '<path>',
        many: true,
        complete: [],
        about: 'a file, by its path without code/ or resources/ (repeatable)',
      },
      requires: { value: '<name>', many: true, complete: [], about: 'something that it needs (repeatable)' },
      ...change,
    },
    examples: [['torsh remove net.torsh --model old --resource notes.md', 'in its place, in one step']],
    load: async () => (await import('./commands/remove.ts')).runRemove,
  },
  {
    name: 'set',
    about: 'change what a package says of itself',
    usage: ['torsh set <package> <key>=<value> …'],
    words: { least: 2, most: 100, complete: 'file' },
    options: change,
    notes: [
      'Keys: name, version, author, description, licence, created (now or a date), and metadata.<key> for all else.',
      'An empty value takes the key away. metadata.<key>:=<json> sets a number, a list or an object.',
    ],
    examples: [
      ['torsh set net.torsh version=1.0.0 licence=MIT', 'two of them'],
      ['torsh set net.torsh metadata.accuracy:=0.93 author=', 'a number, and no author'],
    ],
    load: async () => (await import('./commands/set.ts')).runSet,
  },
  {
    name: 'bump',
    about: 'increment the version of a package',
    usage: ['torsh bump <package> major|minor|patch|prerelease'],
    words: { least: 2, most: 2, complete: ['major', 'minor', 'patch', 'prerelease'] },
    options: {
      pre: { value: '<name>', complete: [], about: 'with prerelease: its name, as in 1.2.0-rc.0' },
      ...change,
    },
    examples: [
      ['torsh bump net.torsh patch', '1.2.3 becomes 1.2.4'],
      ['torsh bump net.torsh prerelease --pre rc', '1.2.3 becomes 1.2.4-rc.0'],
    ],
    load: async () => (await import('./commands/bump.ts')).runBump,
  },
  {
    name: 'extract',
    about: 'write the files of a package into a folder',
    usage: ['torsh extract <package> <folder> [--only <pattern>]'],
    words: { least: 2, most: 2, complete: 'file' },
    options: {
      only: {
        value: '<pattern>',
        many: true,
        complete: [],
        about: 'only entries whose paths match; * and ? are wildcards (repeatable)',
      },
      force: { short: 'f', about: 'replace a folder that holds the same files, and no others' },
      'no-fsync': noFsync,
      limit,
      header,
      json,
      quiet,
      help,
    },
    notes: ['The folder appears whole or not at all, and every byte was compared with its digest.'],
    examples: [
      ['torsh extract net.torsh net', 'models/, code/, resources/ and the manifest'],
      ['torsh extract https://example.org/net.torsh net --only "models/*"', 'only weights, from a server'],
    ],
    load: async () => (await import('./commands/extract.ts')).runExtract,
  },
];
