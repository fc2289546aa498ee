import type { FileTree, FileTreeSink, Limits, Platform, TorshError } from '@torsh/bytes';
import type { Archive, JsonObject } from './archive.ts';
import type { DType } from './dtype.ts';
import type { Issue } from './issue.ts';

/** What is to be read: one entry of a tree, or the whole tree. Siblings of the entry are within reach. */
export interface Input {
  readonly files: FileTree;
  readonly entry?: string | undefined;
}

/** How far a long work is. */
export interface Progress {
  readonly stage: 'reading' | 'writing' | 'verifying';
  readonly done: number;
  readonly total: number;
}

/** What the caller lends to every call. */
export interface Context {
  readonly signal: AbortSignal;
  readonly limits: Limits;
  readonly platform: Platform;
  report(issue: Issue): void;
  progress(progress: Progress): void;
  /** Opens a model found inside another with whatever formats the caller knows. */
  open(input: Input): Promise<Archive>;
}

/** Why a format thinks that an input is its own. */
export interface Match {
  readonly confidence: 'certain' | 'likely';
  /** A sentence for people. */
  readonly reason: string;
}

/**
 * What a reader may yield or a writer can keep, feature by feature. Plans, documentation tables and the contract suite
 * are made from it, so it must be true.
 */
export interface Content {
  readonly dtypes: 'all' | readonly DType[];
  readonly models: 'one' | 'many';
  readonly aliases: boolean;
  readonly resources: boolean;
  /** The namespaces of `Archive.metadata`, or all of them. */
  readonly metadata: 'all' | readonly string[];
  /** The text-to-text metadata of each model: all of it, none, or these keys. */
  readonly modelMetadata: boolean | readonly string[];
}

export interface Reader {
  readonly yields: Content;
  open(input: Input, context: Context): Promise<Archive>;
  /**
   * Reads every byte and compares it with whatever the file says of it; each damage is given to `damaged` and the
   * reading goes on. Absent where a format records nothing to compare with.
   */
  check?(input: Input, context: Context, damaged: (error: TorshError) => void): Promise<void>;
}

export interface Writer {
  readonly accepts: Content;
  /** One file; a file and others beside it that it names; or a folder. */
  readonly layout: 'file' | 'files' | 'tree';
  /** The usual ending of the file's name, with its dot. */
  readonly suffix: string;
  /** What this writer would do that its `accepts` cannot say; pure. It is asked only about types that it accepts. */
  examine?(archive: Archive, limits: Limits): readonly Issue[];
  /**
   * The archive as it will be read back from what this writer makes of it, where that is not the archive itself: a format
   * that says the same in another form, or under the name that it is given, says here in which. Whoever verifies a copy compares it with this. It may
   * read of the tensors what the form has in another place.
   */
  keeps?(archive: Archive, limits: Limits, name: string): Promise<Archive>;
  /** Writes the archive. A `file` format creates exactly one file, under the given name, a `files` format also that one. */
  write(archive: Archive, output: FileTreeSink, name: string, context: Context): Promise<void>;
}

/** Something in a model that the format's own tools would refuse, or that somebody should know. */
export interface Finding {
  /** The name of the rule, as the documentation of the format lists it. */
  readonly rule: string;
  /** Warnings do not make a model invalid. */
  readonly severity: 'error' | 'warning';
  /** Where in the model: `graph/node[3]("conv1")/attribute[0]("value")/t`. */
  readonly path: string;
  readonly message: string;
}

/** What a format knows of a model besides its weights. */
export interface Summary {
  /** For programs; what is in it, the documentation of the format says. */
  readonly facts: JsonObject;
  /** For people: a title of one word, and a line of text. */
  readonly rows: readonly (readonly [title: string, text: string])[];
}

/** A graph as text in the language of Graphviz. */
export interface Drawing {
  readonly dot: string;
  /** How many nodes and edges there are, together: what bounds the time to draw it. */
  readonly parts: number;
}

/** A format is a value. */
export interface Format {
  readonly id: string;
  readonly title: string;
  /** The id of a broader format that also claims these files; this one wins. */
  readonly refines?: string | undefined;
  /** Cheap, bounded, and quiet: an input that is not of this format, however broken, gives `undefined`. */
  detect(input: Input, context: Context): Promise<Match | undefined>;
  readonly reader?: Reader | undefined;
  readonly writer?: Writer | undefined;
  /**
   * Holds a model whose bytes can be read against the rules of its format. Unlike `reader.check`, which asks whether bytes
   * are what was written, this asks whether what was written means something. Absent where there are no such rules.
   */
  validate?(input: Input, context: Context, found: (finding: Finding) => void): Promise<void>;
  /** What there is to say of a model of this format besides its weights, which are not read. */
  summarise?(input: Input, context: Context): Promise<Summary>;
  /** The graph of a model, or a part of it. Which parts there are, the error for one that is not there says. */
  draw?(input: Input, context: Context, part?: string): Promise<Drawing>;
}
