import type { ErrorCode } from '@torsh/bytes';

/** What went wrong, as data. Offsets are bytes of the content that `path` names beside it. */
export interface SurveyError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly offset?: number;
}

/** A class or function that a pickle names. */
export interface SurveyGlobal {
  /** As the file spells it; `null` where only running the pickle would tell. */
  readonly module: string | null;
  readonly name: string | null;
  /** The opcode that imports, and its byte in the content that the report's `path` names. */
  readonly opcode: string;
  readonly offset: number;
  /** True for names that stand in honest checkpoints and whose meaning torsh knows. */
  readonly known: boolean;
}

/** Something legal that no honest writer does, or that readers disagree about. */
export interface SurveyNote {
  readonly code: string;
  readonly message: string;
  readonly offset?: number;
}

/** One pickle, or a stretch of bytes that is a broken one. */
export interface PickleReport {
  /**
   * The content that holds it: the empty text for the file itself, a record or member of it, and behind `!/` what lies
   * in that: `inner.zip!/data.pkl`, `data.pkl!/57` (the bytes value whose opcode is at byte 57).
   */
  readonly path: string;
  /** Its first byte in that content. */
  readonly offset: number;
  /** `partial`: it could not be read to its end, or readers disagree about what it says. */
  readonly status: 'complete' | 'partial';
  readonly error?: SurveyError;
  readonly globals: readonly SurveyGlobal[];
  readonly notes: readonly SurveyNote[];
}

/** Content that was not looked into, and why. */
export interface Unseen {
  readonly path: string;
  readonly code: 'compressed' | 'nested-too-deep' | 'too-large' | 'unreadable';
  readonly reason: string;
}

/** Everything in a file that somebody could unpickle, read without running any of it: what a verdict can be built on. */
export interface Survey {
  /**
   * `complete`: all of it was read, in the one way that there is. `partial`: a pickle is broken or ambiguous, or something was
   * not looked into. `error`: the file itself is refused; what was found anyway is listed.
   */
  readonly status: 'complete' | 'partial' | 'error';
  readonly error?: SurveyError & { readonly path?: string };
  readonly found: readonly PickleReport[];
  /** Members that are program text: a loader may run them. */
  readonly programs: readonly string[];
  readonly unseen: readonly Unseen[];
  /** About the containers: bytes before, behind and between their members. */
  readonly notes: readonly (SurveyNote & { readonly path: string })[];
}
