import type { GlobalUse, PickleScan } from '@torsh/pickle';
import { isKnown } from '../object/known.ts';
import { errorOf } from './look.ts';
import type { PickleReport, SurveyGlobal } from './report.ts';

/** Notes that say that readers disagree about what a pickle means. */
const AMBIGUOUS: ReadonlySet<string> = new Set(['frame-crossed', 'hidden-by-frame']);

/** One report for each pickle of a scan, and one for each stretch between them that is none. */
export function split(scanned: PickleScan, path: string, base = 0): PickleReport[] {
  const { pickles, globals, notes, error } = scanned;
  const reports: PickleReport[] = [];
  const open: Stretch[] = [];
  let at = 0;
  for (const { start, end } of pickles) {
    if (start > at) open.push({ start: at, end: start, broken: true });
    open.push({ start, end, broken: false });
    at = end;
  }
  // What could not be read is behind the last pickle, or between two: a scan goes on behind what is none.
  if (scanned.status === 'partial') open.push({ start: at, end: Number.POSITIVE_INFINITY, broken: true });
  for (const { start, end, broken } of open) {
    const within = ({ offset }: { offset: number }) => offset >= start && offset < end;
    const own = globals.filter(within);
    const said = notes.filter(within);
    const failed = broken && error !== undefined && (within({ offset: error.offset ?? 0 }) || start === 0);
    if (broken && own.length === 0 && said.length === 0 && !failed) continue;
    reports.push({
      path,
      offset: base + start,
      status: broken || said.some(({ code }) => AMBIGUOUS.has(code)) ? 'partial' : 'complete',
      ...(failed ? { error: errorOf(error, base) } : {}),
      globals: own.map((use) => globalOf(use, base)),
      notes: said.map(({ code, message, offset }) => ({ code, message, offset: offset + base })),
    });
  }
  return reports;
}

interface Stretch {
  readonly start: number;
  readonly end: number;
  /** True where there is no pickle that could be read to its end. */
  readonly broken: boolean;
}

function globalOf({ module, name, opcode, offset }: GlobalUse, base: number): SurveyGlobal {
  const known = module !== undefined && name !== undefined && isKnown(module, name) && !unpickles(name);
  return { module: module ?? null, name: name ?? null, opcode, offset: offset + base, known };
}

/** True for the function by which torch's tensors unpickle the bytes inside of a pickle. */
function unpickles(name: string): boolean {
  return name === '_load_from_bytes';
}
