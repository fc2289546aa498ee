import { defaultLimits, type Limits, type Platform } from '@torsh/bytes';
import type { Archive } from './archive.ts';
import type { Context, Format, Input, Progress } from './format.ts';
import type { Issue } from './issue.ts';
import { openIn } from './open-in.ts';

/** What a caller lends to `open`, `convert`, `verify` and `compare`; only the formats and the platform are needed. */
export interface Options {
  readonly formats: readonly Format[];
  readonly platform: Platform;
  readonly limits?: Limits | undefined;
  readonly signal?: AbortSignal | undefined;
  report?(issue: Issue): void;
  progress?(progress: Progress): void;
}

/** The context that the formats of a call are lent. */
export function createContext(options: Options): Context {
  const context: Context = {
    signal: options.signal ?? new AbortController().signal,
    limits: options.limits ?? defaultLimits,
    platform: options.platform,
    report: (issue) => options.report?.(issue),
    progress: (progress) => options.progress?.(progress),
    open: (input: Input): Promise<Archive> => openIn(input, options.formats, context),
  };
  return context;
}
