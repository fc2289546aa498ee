import type { Cut, Interval } from './interval.ts';
import { holdsPlace } from './interval.ts';
import { placeOf } from './order.ts';
import { isPrerelease, type Pep440Version } from './version.ts';

const KINDS = ['a', 'b', 'rc'] as const;

/** A version of the intervals, a release if there is one; `undefined` if no version lies in them. */
export function witness(intervals: readonly Interval[]): Pep440Version | undefined {
  const held = (version: Pep440Version) => holdsPlace(intervals, placeOf(version));
  const all = intervals.flatMap((interval) => candidates(interval)).filter(held);
  return all.find((version) => !isPrerelease(version)) ?? all[0];
}

/** The versions that could be the first of an interval: behind its cut there may be a gap without any version. */
function candidates({ from, to }: Interval): readonly Pep440Version[] {
  if (from === undefined) return [version({}), version({ dev: 0 })];
  const at = versionAt(from);
  const { epoch, release, pre, post, dev } = at;
  const final = { epoch, release };
  const next = [
    ...(from.behind ? [] : [at]),
    ...(from.place.local === 'last' ? [] : [version({ ...at, local: [...at.local, 0] })]),
    // The least ones behind the local versions: 1.0.dev2, 1.0.post1.dev0, and the releases that they lead to.
    ...(dev === undefined
      ? []
      : [version({ ...final, pre, post, dev: dev + 1 }), version({ ...final, pre, post })]),
    version({ ...final, pre, post: post === undefined ? 0 : post + 1, dev: 0 }),
    version({ ...final, pre, post: post === undefined ? 0 : post + 1 }),
    ...(pre === undefined ? [] : [version({ ...final, pre: [pre[0], pre[1] + 1], dev: 0 })]),
    version(final),
    // Between two releases there is always another one: 1.0.0.1.
    version({ epoch, release: [...release, ...zeros(to, release.length), 1] }),
  ];
  return next;
}

/** Enough zeros that a number behind them is still before the end of the interval. */
function zeros(to: Cut | undefined, length: number): readonly number[] {
  return Array<number>(Math.max(0, (to?.place.release.length ?? 0) - length)).fill(0);
}

/** The version that a cut is at, or whose family it ends. */
function versionAt({ place: { numbers, release, local } }: Cut): Pep440Version {
  const [epoch, kind, pre, post, dev] = numbers;
  return version({
    epoch,
    release: release.length > 0 ? release : [0],
    pre: Number.isFinite(kind) ? [KINDS[kind]!, pre] : undefined,
    post: Number.isFinite(post) ? post : undefined,
    dev: Number.isFinite(dev) ? dev : undefined,
    local: local === 'last' ? [] : local,
  });
}

function version(parts: Partial<Pep440Version>): Pep440Version {
  return { epoch: 0, release: [0], local: [], ...parts };
}
