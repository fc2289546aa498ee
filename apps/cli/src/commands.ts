import type { Command } from './command.ts';
import { packageCommands } from './package-commands.ts';
import { from, header, help, json, limit, quiet } from './shared-options.ts';

/** Every command with its options. Parsing, help, errors and completions are all made from this table. */
export const commands: readonly Command[] = [
  {
    name: 'convert',
    about: 'convert a model file to another format',
    usage: ['torsh convert <input> to <format|path>', 'torsh convert <input> <output>'],
    words: { least: 1, most: 3, complete: 'file' },
    options: {
      to: {
        value: '<format>',
        complete: 'format',
        about: 'write this format, whatever the output is called',
      },
      from,
      select: {
        value: '<part>',
        many: true,
        complete: ['weights', 'ema', 'optimizer'],
        about:
          'only the weights, ema or optimizer of a checkpoint, or tensors whose names match; * and ? are wildcards (repeatable, or with commas)',
      },
      rename: {
        value: '<file>',
        complete: 'file',
        about: 'give tensors other names, by a JSON file of old names and new ones',
      },
      'allow-loss': { about: 'write even if the format has no place for everything' },
      verify: { about: 'read the result again and compare it with the input, tensor by tensor' },
      force: { short: 'f', about: 'replace an output that exists' },
      'no-fsync': { about: 'do not wait until the result is on the disk' },
      'max-shard-size': {
        value: '<bytes>',
        complete: [],
        about:
          'for safetensors and torch-sharded: write a folder of shards of at most this size, such as 5GiB, and their index',
      },
      'external-data': {
        value: '<bytes|none>',
        complete: ['none'],
        about:
          'for onnx: weights of at least this size, such as 1KiB, go into a file beside the model; none keeps all in the model',
      },
      'weights-in': {
        value: '<data|safetensors>',
        complete: ['data', 'safetensors'],
        about:
          'for onnx: what the file beside the model is; a safetensors file can be read without the model, too',
      },
      created: {
        value: '<now|date>',
        complete: ['now'],
        about: 'record when the archive was made (otherwise SOURCE_DATE_EPOCH, or nothing)',
      },
      limit,
      header,
      json,
      quiet,
      help,
    },
    notes: [
      'A format as target writes beside the input: `torch.pt to torsh` makes torch.torsh.',
      'Nothing in the input is ever run. Nothing that exists is overwritten without --force.',
      'What the format cannot hold is listed before anything is written; then --allow-loss decides.',
    ],
    examples: [
      ['torsh convert torch.pt to torsh', 'torch.torsh, beside the input'],
      ['torsh convert torch.pt to out/model.safetensors', 'the ending tells the format'],
      ['torsh convert model.torsh to safetensors --select "encoder.*"', 'some of the tensors'],
      ['torsh convert last.ckpt to safetensors --select weights', 'what the model loads, without the rest'],
      [
        'torsh convert model.torsh out/model.onnx --weights-in safetensors',
        'one weights file for both worlds',
      ],
      ['torsh convert torch.pt to torsh --verify --json', 'checked, for a program'],
    ],
    load: async () => (await import('./commands/convert.ts')).runConvert,
  },
  {
    name: 'inspect',
    about: 'show what is in a model file; its weights are not read',
    usage: ['torsh inspect <input>'],
    words: { least: 1, most: 1, complete: 'file' },
    options: {
      tensors: { short: 't', about: 'print the table of all tensors' },
      globals: {
        short: 'g',
        about: 'print every class and function that a pickle in the file names; the file need not be a model',
      },
      digests: { about: 'with --json: the SHA-256 of every tensor and file (reads everything)' },
      from,
      limit,
      header,
      json,
      quiet: { short: 'q', about: 'no notes and no progress' },
      help,
    },
    examples: [
      ['torsh inspect torch.pt', 'format, size, types, what else is inside'],
      ['torsh inspect torch.pt --tensors', 'names, types and shapes'],
      ['torsh inspect torch.pt --globals', 'what loading it with Python would import'],
      ['torsh inspect torch.pt --json --digests', 'all of it, for a program'],
      ['torsh inspect https://example.org/model.torsh', 'on a server: only the headers are fetched'],
    ],
    load: async () => (await import('./commands/inspect.ts')).runInspect,
  },
  {
    name: 'verify',
    about: 'read every byte of a model file and compare it with what the file records',
    usage: ['torsh verify <file> [--against <source>]'],
    words: { least: 1, most: 1, complete: 'file' },
    options: {
      against: { value: '<source>', complete: 'file', about: 'also compare every tensor with another file' },
      from,
      limit,
      header,
      json,
      quiet,
      help,
    },
    examples: [
      ['torsh verify torch.torsh', 'is every byte what was written?'],
      ['torsh verify torch.torsh --against torch.pt', 'does it hold what the source holds?'],
    ],
    load: async () => (await import('./commands/verify.ts')).runVerify,
  },
  {
    name: 'check',
    about:
      'hold a model against the rules of its format, as the checker and the runtime of that format would',
    usage: ['torsh check <model>'],
    words: { least: 1, most: 1, complete: 'file' },
    options: { from, limit, header, json, quiet, help },
    notes: [
      'Nothing is loaded or run. ONNX has such rules; whether the bytes of a file are sound is the question of `torsh verify`.',
      'Exit code 1 says that rules are broken. Warnings alone give exit code 0.',
    ],
    examples: [
      ['torsh check model.onnx', 'every broken rule, with its place in the graph'],
      ['torsh check model.onnx --json', 'the same, for a program'],
    ],
    load: async () => (await import('./commands/check.ts')).runCheck,
  },
  {
    name: 'deps',
    about: 'show what depends on what in a torch.package',
    usage: [
      'torsh deps <package>',
      'torsh deps <package> --rdeps <module>',
      'torsh deps <package> --paths <from> <to>',
    ],
    words: { least: 1, most: 2, complete: 'file' },
    options: {
      rdeps: { value: '<module>', complete: [], about: 'only what needs this module or pickle directly' },
      paths: {
        value: '<from>',
        complete: [],
        about: 'only the ways from one module or pickle to another; the second name follows',
      },
      dot: { about: 'print the graph in the language of Graphviz, as torch.package does' },
      svg: { about: 'print a picture of the graph' },
      limit,
      header,
      json,
      quiet,
      help,
    },
    notes: [
      'Nothing in the package is run. Pickles are named as torch names them: <package.resource>.',
      'intern: in the package. extern: taken from where the package is loaded. mock: a stub stands in its place.',
    ],
    examples: [
      ['torsh deps model.pt', 'every module and pickle with what it needs'],
      ['torsh deps model.pt --rdeps numpy', 'who needs numpy?'],
      ["torsh deps model.pt --paths '<model.model.pkl>' numpy", 'why is numpy needed?'],
      ['torsh deps model.pt --svg > model.svg', 'a picture for the browser'],
    ],
    load: async () => (await import('./commands/deps.ts')).runDeps,
  },
  {
    name: 'salvage',
    about: 'recover whole tensors from a PyTorch checkpoint that was cut off or damaged',
    usage: ['torsh salvage <file> [<output>]'],
    words: { least: 1, most: 2, complete: 'file' },
    options: {
      force: { short: 'f', about: 'replace an output that exists' },
      'no-fsync': { about: 'do not wait until the result is on the disk' },
      limit,
      header,
      json,
      quiet,
      help,
    },
    notes: [
      'The result is a .torsh archive with every tensor whose bytes are all there and whose check sum is right.',
      'Exit code 1 says that some were lost; they are named. A sound file needs `torsh convert`.',
    ],
    examples: [
      ['torsh salvage torch.pt', 'torch.salvaged.torsh, beside the input'],
      ['torsh salvage torch.pt rescued.torsh --json', 'what was recovered and what is lost, for a program'],
    ],
    load: async () => (await import('./commands/salvage.ts')).runSalvage,
  },
  ...packageCommands,
  {
    name: 'patch',
    about: 'make a small file that turns one model file into another, byte for byte; apply it; look at it',
    usage: [
      'torsh patch create <base> <target>',
      'torsh patch apply <base> <patch>',
      'torsh patch show <patch>',
    ],
    words: { least: 1, most: 3, complete: 'file' },
    options: {
      output: { short: 'o', value: '<path>', complete: 'file', about: 'where the result goes' },
      force: { short: 'f', about: 'replace an output that exists; `apply` may replace its base' },
      'no-fsync': { about: 'do not wait until the result is on the disk' },
      limit,
      header,
      json,
      quiet,
      help,
    },
    notes: [
      'Tensors are found by name or by content, whatever else has moved; any two files can be patched.',
      'A patch names both files by SHA-256. It refuses another base, and no result appears that is not the target.',
    ],
    examples: [
      ['torsh patch create v1.torsh v2.torsh', 'v2.torshpatch, beside the target'],
      ['torsh patch apply v1.torsh v2.torshpatch', 'v2.torsh, beside the base'],
      ['torsh patch apply model.torsh v2.torshpatch -o model.torsh -f', 'in place; whole at every moment'],
      ['torsh patch show v2.torshpatch --json', 'what it is for and what it does, for a program'],
    ],
    load: async () => (await import('./commands/patch.ts')).runPatch,
  },
  {
    name: 'formats',
    about: 'list the formats',
    usage: ['torsh formats'],
    words: { least: 0, most: 0, complete: [] },
    options: { json, help },
    examples: [['torsh formats', 'what can be read and written']],
    load: async () => (await import('./commands/formats.ts')).runFormats,
  },
  {
    name: 'completion',
    about: 'print the completion script of a shell',
    usage: ['torsh completion bash|zsh|fish'],
    words: { least: 1, most: 1, complete: ['bash', 'zsh', 'fish'] },
    options: { help },
    examples: [
      ['source <(torsh completion bash)', 'for this bash'],
      ['torsh completion zsh > "$' + '{fpath[1]}/_torsh"', 'for every zsh'],
      ['torsh completion fish > ~/.config/fish/completions/torsh.fish', 'for every fish'],
    ],
    load: async () => (await import('./commands/completion.ts')).runCompletion,
  },
];
