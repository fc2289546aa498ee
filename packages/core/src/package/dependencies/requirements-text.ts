import { isTorshError } from '@torsh/bytes';
import type { Issue } from '../../issue.ts';
import { normalName, type PythonRequirement, parsePythonRequirement } from './python-requirement.ts';

/** What a requirements file asks for, and what in it could not be read. */
export interface RequirementsText {
  readonly requirements: readonly PythonRequirement[];
  /** What was passed over: other files, options, lines that are no requirement. */
  readonly issues: readonly Issue[];
}

/** Reads a `requirements.txt`, or what `pip freeze` prints. Files that it names are not followed. */
export function parseRequirementsText(text: string): RequirementsText {
  const requirements: PythonRequirement[] = [];
  const issues: Issue[] = [];
  for (const { line, number } of logicalLines(text)) {
    const requirement = parseLine(line);
    if (typeof requirement === 'string') {
      const message = `Line ${number}: ${requirement}`;
      issues.push({ severity: 'note', code: 'requirements-line', message, subject: line.slice(0, 80) });
    } else if (requirement !== undefined) requirements.push(requirement);
  }
  return { requirements, issues };
}

/** Lines without their comments; a backslash at the end joins the next one. */
function* logicalLines(text: string): Generator<{ readonly line: string; readonly number: number }> {
  let [open, begin]: [string[], number] = [[], 0];
  for (const [index, raw] of text
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\r|\n/)
    .entries()) {
    if (open.length === 0) begin = index + 1;
    const isComment = /^\s*#/.test(raw);
    if (raw.endsWith('\\') && !isComment) {
      open.push(raw.slice(0, -1));
      continue;
    }
    open.push(isComment ? '' : raw);
    const line = withoutComment(open.join('')).trim();
    open = [];
    if (line !== '') yield { line, number: begin };
  }
  const rest = withoutComment(open.join('')).trim();
  if (rest !== '') yield { line: rest, number: begin };
}

/** A `#` begins a comment behind white space only: URLs have them, too. */
function withoutComment(line: string): string {
  const at = /(^|\s)#/.exec(line);
  return at === null ? line : line.slice(0, at.index);
}

/** A requirement, why there is none, or nothing for options that change no requirement. */
function parseLine(line: string): PythonRequirement | string | undefined {
  const [option] = /^-{1,2}[\w-]+/.exec(line) ?? [];
  if (option !== undefined) return parseOption(option, line.slice(option.length).replace(/^[\s=]+/, ''));
  // pip's own options follow a requirement: hashes, settings of a build.
  const wanted = line.replace(/\s--[\w-]+[\s=].*$/, '').trim();
  if (/^[\w.-]+(\[[^\]]*\])?\s*@/.test(wanted)) return readable(wanted);
  if (/^[\w+.-]+:\/\//.test(wanted)) return named(wanted);
  if (/^[.~/\\]/.test(wanted) || /\.(whl|zip|tar\.gz)$/.test(wanted)) return named(wanted);
  return readable(wanted);
}

/** A requirement, or what is wrong with it. */
function readable(text: string): PythonRequirement | string {
  try {
    return parsePythonRequirement(text);
  } catch (error) {
    if (isTorshError(error)) return error.message;
    throw error;
  }
}

function parseOption(option: string, value: string): PythonRequirement | string | undefined {
  if (option === '-e' || option === '--editable') return named(value);
  if (option === '-r' || option === '--requirement') return `the file ${value} was not read.`;
  if (option === '-c' || option === '--constraint') return `the constraints of ${value} were not read.`;
  return undefined;
}

/** A place whose package can be told: by `#egg=`, or by the name of a wheel. */
function named(place: string): PythonRequirement | string {
  const egg = /[#&]egg=([\w.-]+)/.exec(place)?.[1];
  const [name, version] = wheelName(place) ?? [egg];
  if (name === undefined || normalName(name) === '') return `nobody can tell which package ${place} is.`;
  const bare = readable(version === undefined ? name : `${name}==${version}`);
  return typeof bare === 'string' ? bare : { ...bare, url: place };
}

/** Name and version of a wheel, which its file name has. */
export function wheelName(place: string): readonly [name: string, version: string] | undefined {
  const file = /([^/\\?#]+)\.whl(?:$|[?#])/.exec(place)?.[1]?.split('-');
  return file !== undefined && file.length >= 5 ? [file[0]!, file[1]!.replaceAll(/%2b/gi, '+')] : undefined;
}
