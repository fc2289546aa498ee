import type { Parser } from './parser.ts';
import type { Node } from './tree.ts';

/** The parameters of a function, up to `end`, as Python's tree has them: annotations first, and defaults behind. */
export function parameters(p: Parser, end: string, annotated: boolean): Node[] {
  const { tokens } = p;
  const annotations: Node[] = [];
  const keywordDefaults: Node[] = [];
  const rest: Node[] = [];
  const defaults: Node[] = [];
  const seen = { slash: false, star: false, any: false };

  const annotation = (into: Node[], star: boolean) => {
    if (!annotated || !tokens.take(':')) return;
    into.push(star && tokens.take('*') ? p.operand() : p.expression());
  };

  const parameter = () => {
    tokens.expectKind('name');
    annotation(annotations, false);
    if (tokens.take('=')) (seen.star ? keywordDefaults : defaults).push(p.expression());
    else if (!seen.star && defaults.length > 0) {
      throw tokens.failure('non-default argument follows default argument');
    }
  };

  const star = () => {
    if (seen.star) throw tokens.failure('* argument may appear only once');
    seen.star = true;
    if (tokens.peek().kind === 'name') {
      tokens.next();
      annotation(annotations, true);
    } else if (!tokens.is(',') || tokens.peek(1).kind !== 'name') {
      throw tokens.failure('named arguments must follow bare *');
    }
  };

  const slash = () => {
    if (seen.slash || seen.star || !seen.any) throw tokens.failure();
    seen.slash = true;
  };

  while (!tokens.is(end)) {
    if (tokens.take('**')) {
      tokens.expectKind('name');
      annotation(rest, false);
      tokens.take(',');
      break;
    }
    if (tokens.take('*')) star();
    else if (tokens.take('/')) slash();
    else parameter();
    seen.any = true;
    if (!tokens.take(',')) break;
  }
  return [...annotations, ...keywordDefaults, ...rest, ...defaults];
}

/** `[T: bound = default, *Ts, **P]` after the name of a function, a class or a type. */
export function typeParameters(p: Parser): Node[] {
  const { tokens } = p;
  const parts: Node[] = [];
  if (!tokens.take('[')) return parts;
  do {
    const plain = !tokens.take('*') && !tokens.take('**');
    tokens.expectKind('name');
    if (plain && tokens.take(':')) parts.push(p.expression());
    if (tokens.take('=')) parts.push(tokens.take('*') ? p.operand() : p.expression());
  } while (tokens.take(',') && !tokens.is(']'));
  tokens.expect(']');
  return parts;
}
