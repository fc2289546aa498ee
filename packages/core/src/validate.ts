import { locateError, TorshError } from '@torsh/bytes';
import { createContext, type Options } from './context.ts';
import type { Finding, Input } from './format.ts';
import { formatOf } from './open-in.ts';

/** Findings that are kept; more than these nobody reads, and a hostile file has millions. */
const KEPT = 1_000;

/** What holding a model against the rules of its format found. */
export interface Validation {
  readonly format: string;
  /** No rule is broken; there may be warnings. */
  readonly valid: boolean;
  readonly findings: readonly Finding[];
  /** How many there are besides. */
  readonly more: number;
}

/** Holds a model against the rules of its format. */
export async function validate(
  input: Input,
  options: Options & { from?: string | undefined },
): Promise<Validation> {
  const context = createContext(options);
  const format = await formatOf(input, options.formats, context, options.from);
  if (format.validate === undefined) {
    throw new TorshError(
      'unsupported',
      `There are no rules for the format ${format.id} (${format.title}) beyond its bytes. \`torsh verify\` compares those with what the file records.`,
      { format: format.id },
    );
  }
  const findings: Finding[] = [];
  let [valid, more] = [true, 0];
  try {
    await format.validate(input, context, (finding) => {
      if (finding.severity === 'error') valid = false;
      if (findings.length < KEPT) findings.push(finding);
      else more++;
    });
  } catch (error) {
    throw locateError(error, { format: format.id, path: input.entry });
  }
  return { format: format.id, valid, findings, more };
}
