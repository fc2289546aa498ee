export type { SpecifierIntersection } from './intersect.ts';
export { excludesSpecifiers, intersectSpecifiers } from './intersect.ts';
export { comparePep440 } from './order.ts';
export type { Specifier, SpecifierOperator, Specifiers } from './specifier.ts';
export { formatSpecifiers, parseSpecifiers, satisfiesSpecifiers } from './specifier.ts';
export type { Pep440Version } from './version.ts';
export { formatPep440, parsePep440 } from './version.ts';
