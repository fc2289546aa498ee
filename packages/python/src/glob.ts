import { matchSegments, type SegmentPattern } from './segments.ts';

/** One pattern, or several of which any may match. */
export type GlobPattern = string | readonly string[];

/** What a group leaves out, and what lies between segments. */
export interface GlobGroupOptions {
  readonly exclude?: GlobPattern;
  /** One character; `.` as in the names of modules if not given, `/` for paths. */
  readonly separator?: string;
}

/** Patterns of names as torch.package has them: a name matches if any of `include` and none of `exclude` does. */
export interface GlobGroup {
  /** As given. */
  readonly include: GlobPattern;
  /** As given, or an empty list. */
  readonly exclude: GlobPattern;
  readonly separator: string;
  matches(candidate: string): boolean;
}

/**
 * A group of patterns. In a pattern, `*` is any run of characters within a segment and a segment `**` is any number of
 * segments. `**` as a part of a segment is a `TypeError` with the text that torch has for it.
 */
export function globGroup(include: GlobPattern, options: GlobGroupOptions = {}): GlobGroup {
  const { exclude = [], separator = '.' } = options;
  if ([...separator].length !== 1 || separator === '*') {
    throw new TypeError('The separator of a glob group must be one character, and not a star.');
  }
  const included = parsePatterns(include, separator);
  const excluded = parsePatterns(exclude, separator);
  const matches = (candidate: string) => {
    const segments = candidate.split(separator);
    const takes = (pattern: readonly SegmentPattern[]) => matchSegments(pattern, segments);
    return included.some(takes) && !excluded.some(takes);
  };
  return { include, exclude, separator, matches };
}

function parsePatterns(patterns: GlobPattern, separator: string): SegmentPattern[][] {
  const list = typeof patterns === 'string' ? [patterns] : patterns;
  return list.map((pattern) => pattern.split(separator).map(parseSegment));
}

function parseSegment(segment: string): SegmentPattern {
  if (segment === '**') return { any: true };
  if (segment.includes('**')) throw new TypeError('** can only appear as an entire path segment');
  return { any: false, pieces: segment.split('*') };
}
