import { SyntaxFailure } from './failure.ts';
import type { Token } from './token.ts';

/** Tokens, read one after the other. */
export class TokenReader {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  /** A token further on; the last one stands for all that would follow it. */
  peek(ahead = 0): Token {
    return this.#tokens[this.#at + ahead] ?? this.#tokens[this.#tokens.length - 1]!;
  }

  /** Whether a keyword or an operator is next. */
  is(text: string, ahead = 0): boolean {
    const token = this.peek(ahead);
    return token.text === text && (token.kind === 'operator' || token.kind === 'keyword');
  }

  /** Whether one of several keywords or operators is next. */
  isOneOf(texts: ReadonlySet<string>): boolean {
    const token = this.peek();
    return texts.has(token.text) && (token.kind === 'operator' || token.kind === 'keyword');
  }

  next(): Token {
    const token = this.peek();
    this.#at++;
    return token;
  }

  /** Takes a keyword or an operator if it is next. */
  take(text: string): boolean {
    if (!this.is(text)) return false;
    this.#at++;
    return true;
  }

  expect(text: string): void {
    if (!this.take(text)) throw this.failure();
  }

  /** Takes a token of a kind that has no text of its own. */
  expectKind(kind: Token['kind']): Token {
    if (this.peek().kind !== kind) throw this.failure();
    return this.next();
  }

  /** The failure to understand the next token. */
  failure(message?: string): SyntaxFailure {
    const { kind, offset } = this.peek();
    const usual =
      kind === 'indent' ? 'unexpected indent' : kind === 'dedent' ? 'unexpected unindent' : 'invalid syntax';
    return new SyntaxFailure(message ?? usual, offset);
  }
}
