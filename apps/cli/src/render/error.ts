import nodePath from 'node:path';
import { type ErrorCode, isTorshError, type TorshError } from '@torsh/bytes';
import { EXIT, exitCode } from '../exit.ts';
import { Failure } from '../failure.ts';
import { UsageError } from '../usage.ts';
import type { World } from '../world.ts';
import { printable } from './text.ts';

/** What is printed for an error that ended a run, and the exit code. */
export interface Ending {
  readonly text: string;
  readonly code: number;
}

/** What to do next, where the message does not say it itself. */
const remedies: Readonly<Partial<Record<ErrorCode, string>>> = {
  malformed: 'The file is damaged, or something unusual wrote it. Fetch or save it again.',
  truncated: 'The file is shorter than it should be. Fetch or save it again.',
  unsafe: 'Nothing in it was run. Do not use this file unless you know who made it.',
  limit: 'If you trust the file: --limit <name>=<number>; `torsh help convert` lists the limits.',
};

/** Turns any error into one or two lines and an exit code. */
export function endingOf(error: unknown, world: Pick<World, 'cwd' | 'env' | 'signal'>): Ending {
  const [path, cause] = error instanceof Failure ? [error.path, error.cause] : [undefined, error];
  if (world.signal.aborted) return { text: 'torsh: interrupted\n', code: EXIT.interrupted };
  if (cause instanceof UsageError) return { text: usageText(cause), code: EXIT.usage };
  if (isTorshError(cause)) return { text: torshText(cause, path, world.cwd), code: exitCode(cause) };
  return { text: internalText(cause, path, world.env), code: EXIT.internal };
}

function usageText({ message, help }: UsageError): string {
  const second = help === undefined ? '' : `       \`torsh ${help}\` tells more.\n`;
  return `torsh: ${printable(message)}\n${second}`;
}

function torshText(error: TorshError, path: string | undefined, cwd: string): string {
  const message = relativeTo(cwd, error.message);
  // An output that cannot be written is told by its own name, not as a fault of the input.
  const onDisk =
    error.path !== undefined && nodePath.isAbsolute(error.path) ? relativeTo(cwd, error.path) : path;
  const begins = path === undefined || message.startsWith(`${path} `) || message.startsWith(`${onDisk} `);
  const place = placeOf(error, path, cwd);
  const remedy = hasRemedy(error) ? undefined : remedies[error.code];
  const second = [place === '' ? '' : `At ${place}.`, remedy ?? ''].filter((part) => part !== '').join(' ');
  const lines = [begins ? message : `${path}: ${message}`, second].filter((line) => line !== '');
  return `torsh: ${lines.map(printable).join('\n       ')}\n`;
}

/** One line for an error among others. */
export function damageText(error: TorshError, path: string, cwd: string): string {
  const place = placeOf(error, path, cwd);
  return printable(`${relativeTo(cwd, error.message)}${place === '' ? '' : ` (at ${place})`}`);
}

/** `data.pkl, byte 12`: what the message does not say already. */
function placeOf(error: TorshError, path: string | undefined, cwd: string): string {
  const inner = error.path === undefined ? undefined : relativeTo(cwd, error.path);
  const itself = inner === path || (path !== undefined && nodePath.basename(path) === inner);
  const parts: string[] = [];
  if (inner !== undefined && !itself && !error.message.includes(error.path!)) parts.push(inner);
  const said = new RegExp(`\\b${error.offset}\\b`).test(error.message);
  if (error.offset !== undefined && !said && (error.offset > 0 || parts.length > 0))
    parts.push(`byte ${error.offset}`);
  return parts.join(', ');
}

/** A message of two sentences says itself what to do; only how a limit is raised here no library can know. */
function hasRemedy({ code, message }: TorshError): boolean {
  return code === 'limit' ? message.includes('--limit') : /[.?!] \S/.test(message);
}

/** The library was given whole paths; people read them as they wrote them. */
function relativeTo(cwd: string, text: string): string {
  return cwd === nodePath.parse(cwd).root ? text : text.replaceAll(cwd + nodePath.sep, '');
}

function internalText(error: unknown, path: string | undefined, env: World['env']): string {
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const where = path === undefined ? '' : `${path}: `;
  const lines = [
    `torsh: ${printable(`${where}internal error (${message})`)}`,
    '       This is a mistake in torsh, not yours. Please report it with the file that shows it.',
  ];
  if (env.TORSH_DEBUG && error instanceof Error) {
    lines.push(...String(error.stack).split('\n').map(printable));
  }
  return `${lines.join('\n')}\n`;
}
