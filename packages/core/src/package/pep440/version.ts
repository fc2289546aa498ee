import type { Limits } from '@torsh/bytes';
import { checkLength, flawed } from '../version/text.ts';

/** A version of a Python package, as PEP 440 normalises it. */
export interface Pep440Version {
  readonly epoch: number;
  readonly release: readonly number[];
  readonly pre?: readonly [kind: 'a' | 'b' | 'rc', number: number] | undefined;
  readonly post?: number | undefined;
  readonly dev?: number | undefined;
  /** The parts of `+ubuntu.1`, in lower case; numbers are numbers. */
  readonly local: readonly (string | number)[];
}

const VERSION =
  /^v?(?:(\d+)!)?(\d+(?:\.\d+)*)(?:[-_.]?(alpha|a|beta|b|preview|pre|c|rc)[-_.]?(\d*))?(?:-(\d+)|[-_.]?(post|rev|r)[-_.]?(\d*))?(?:[-_.]?(dev)[-_.]?(\d*))?(?:\+([a-z\d]+(?:[-_.][a-z\d]+)*))?$/i;

const KINDS = { a: 'a', alpha: 'a', b: 'b', beta: 'b', c: 'rc', rc: 'rc', pre: 'rc', preview: 'rc' } as const;

/** A version of PEP 440 from any of its spellings: `1.0-rc.1`, `v1.0c1` and `1.0rc1` are one. */
export function parsePep440(text: string, limits?: Limits): Pep440Version {
  checkLength(text, 'version', limits);
  const match = VERSION.exec(text.trim());
  if (match === null)
    throw flawed(text, 'a version of PEP 440', 'write one such as 1.2, 1.2rc1, 1.2.post1 or 1.2+cu121');
  const [, epoch, release, kind, pre, dash, post, revision, dev, build, local] = match;
  const number = (digits: string | undefined): number => {
    const value = Number(digits || 0);
    if (!Number.isSafeInteger(value))
      throw flawed(text, 'a version that can be compared', `${digits} is above 2^53`);
    return value;
  };
  return {
    epoch: number(epoch),
    release: release!.split('.').map(number),
    pre: kind === undefined ? undefined : [KINDS[kind.toLowerCase() as keyof typeof KINDS], number(pre)],
    post: post === undefined && dash === undefined ? undefined : number(dash ?? revision),
    dev: dev === undefined ? undefined : number(build),
    local:
      local === undefined
        ? []
        : local
            .toLowerCase()
            .split(/[-_.]/)
            .map((part) => (/^\d+$/.test(part) ? number(part) : part)),
  };
}

/** The normal text of a version. */
export function formatPep440({ epoch, release, pre, post, dev, local }: Pep440Version): string {
  const parts = [epoch > 0 ? `${epoch}!` : '', release.join('.'), ...(pre ?? [])];
  if (post !== undefined) parts.push(`.post${post}`);
  if (dev !== undefined) parts.push(`.dev${dev}`);
  if (local.length > 0) parts.push(`+${local.join('.')}`);
  return parts.join('');
}

/** True for alphas, betas, candidates and development releases. */
export function isPrerelease({ pre, dev }: Pep440Version): boolean {
  return pre !== undefined || dev !== undefined;
}
