import { defaultLimits } from '@torsh/bytes';
import {
  type Archive,
  type Context,
  detect,
  type Format,
  type Issue,
  openAs,
  type Progress,
} from '@torsh/core';
import { nodePlatform } from '@torsh/node';

/** A context for tests, with what was reported to it. */
export interface TestContext extends Context {
  readonly issues: Issue[];
  readonly progressed: Progress[];
}

/** A context with Node's hashing and default limits; `formats` are what `open` knows. */
export function testContext(overrides: Partial<Context> = {}, formats: readonly Format[] = []): TestContext {
  const issues: Issue[] = [];
  const progressed: Progress[] = [];
  const context: TestContext = {
    signal: new AbortController().signal,
    limits: defaultLimits,
    platform: nodePlatform,
    issues,
    progressed,
    report: (issue) => void issues.push(issue),
    progress: (progress) => void progressed.push(progress),
    open: async (input): Promise<Archive> => openAs(await detect(input, formats, context), input, context),
    ...overrides,
  };
  return context;
}
