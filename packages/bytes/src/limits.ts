/** How much a file may ask for before it is refused. Each number has a reason and stops an attack: see `limits`. */
export interface Limits {
  readonly headerBytes: number;
  readonly entries: number;
  readonly nameBytes: number;
  readonly inflateRatio: number;
  readonly inflatedBytes: number;
  readonly pickleBytes: number;
  readonly pickleSteps: number;
  readonly pickleStack: number;
  readonly pickleObjects: number;
  readonly messages: number;
  readonly messageBytes: number;
  readonly sourceLength: number;
  readonly depth: number;
  readonly dimensions: number;
  readonly expandedBytes: number;
  readonly expansionRatio: number;
  readonly drawing: number;
  readonly versionText: number;
}

/** One limit: its default, why it is generous enough, and the attack that it stops. */
export interface LimitReason {
  readonly default: number;
  readonly reason: string;
  readonly stops: string;
}

const MiB = 2 ** 20;

/** All limits, with their reasons. The documentation and `defaultLimits` are both made from this table. */
export const limits: Readonly<Record<keyof Limits, LimitReason>> = {
  headerBytes: {
    default: 100_000_000,
    reason: 'the reference safetensors library allows headers of 100 MB; real ones are below 10 MB',
    stops: 'a length field that makes the reader allocate gigabytes (CWE-789)',
  },
  entries: {
    default: 1_000_000,
    reason: 'checkpoints of 200,000 tensors exist; a million is five times that',
    stops: 'directories of countless empty entries (CWE-400)',
  },
  nameBytes: {
    default: 4096,
    reason: 'PATH_MAX of Linux; the longest parameter names seen are below 300 bytes',
    stops: 'names that cannot be written to a disk or shown to a person',
  },
  inflateRatio: {
    default: 200,
    reason: 'source code deflates by 3 to 10, JSON of zeros by less than 100',
    stops: 'compression bombs that look small (CWE-409)',
  },
  inflatedBytes: {
    default: 1024 * MiB,
    reason: 'weights are stored, not deflated; code, configuration and tokenizers are far smaller',
    stops: 'compression bombs (CWE-409)',
  },
  pickleBytes: {
    default: 512 * MiB,
    reason: 'the pickle of a checkpoint of 200,000 tensors has 30 MB; tensors lie outside of it',
    stops: 'reading a whole disk into memory because a pickle claims to be that long (CWE-789)',
  },
  pickleSteps: {
    default: 200_000_000,
    reason: 'a tensor takes about 40 opcodes, so this is five million tensors',
    stops: 'pickles that keep a reader busy for hours (CWE-400)',
  },
  pickleStack: {
    default: 10_000_000,
    reason:
      'writers put at most 1,000 items at a time on the stack; only the items of one tuple are there together',
    stops: 'one-byte opcodes that each take a slot of memory, eight times their size (CWE-789)',
  },
  pickleObjects: {
    default: 25_000_000,
    reason: 'a tensor takes about 7 containers and calls, so this is three million tensors',
    stops: 'two-byte opcodes that each make an empty container of 100 bytes and keep it (CWE-789)',
  },
  messages: {
    default: 5_000_000,
    reason: 'an ONNX node takes about 5 messages, so this is a graph of a million nodes',
    stops: 'two-byte messages that each make an object of 200 bytes (CWE-789)',
  },
  messageBytes: {
    default: 512 * MiB,
    reason: 'names, shapes and attributes of a graph of 100,000 nodes have 30 MB; weights are not counted',
    stops: 'reading a whole disk into memory because a text claims to be that long (CWE-789)',
  },
  sourceLength: {
    default: 4 * MiB,
    reason: 'the longest modules of the standard library have 400,000 characters, those of torch a million',
    stops: 'source files that keep a parser busy for minutes and fill the memory with tokens (CWE-400)',
  },
  depth: {
    default: 1_000,
    reason: 'CPython gives up near this depth too; real configurations nest below 30',
    stops: 'stack exhaustion by nesting (CWE-674)',
  },
  dimensions: {
    default: 1_024,
    reason: 'torch stops at 64 dimensions; safetensors files of rank 1000 are legal',
    stops: 'shapes that cost more than their data',
  },
  expandedBytes: {
    default: 256 * MiB,
    reason: 'masks and position tables that were saved as expanded views are a few MB when dense',
    stops: 'a four-byte storage that claims to be a tensor of 10^9 elements (CWE-409)',
  },
  expansionRatio: {
    default: 16,
    reason: 'checkpoints that keep several views of one flat buffer grow two or three times',
    stops: 'thousands of different views of one big storage (CWE-409)',
  },
  drawing: {
    default: 4_000,
    reason: 'nodes and edges of one picture; nobody can read one of more, and drawing these takes seconds',
    stops: 'graphs whose layout takes hours (CWE-407)',
  },
  versionText: {
    default: 1_024,
    reason: 'npm refuses versions above 256 characters; requirements with a marker have about 100',
    stops: 'requirements of a million alternatives that are compared with each other (CWE-407)',
  },
};

/** The limits that hold when nobody says otherwise. */
export const defaultLimits: Limits = withLimits({});

/** The default limits with some of them replaced. */
export function withLimits(replaced: Partial<Limits>): Limits {
  const defaults = Object.fromEntries(Object.entries(limits).map(([name, limit]) => [name, limit.default]));
  return { ...defaults, ...replaced } as Limits;
}
