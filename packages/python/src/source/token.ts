/** What a token is. Keywords and operators have their own text as `text`. */
export type TokenKind =
  | 'name'
  | 'keyword'
  | 'number'
  | 'string'
  | 'operator'
  | 'newline'
  | 'indent'
  | 'dedent'
  /** The start of a string with replacement fields; its fields follow as operators `{` … `}` with tokens between. */
  | 'format'
  | 'format-end'
  | 'end';

/** One token of Python source. */
export interface Token {
  readonly kind: TokenKind;
  /** The name in its normal form, the keyword or operator; for strings, their prefix in small letters; `j` for imaginary numbers. */
  readonly text: string;
  readonly offset: number;
  /** What a string says, or a small integer; nothing for bytes, other numbers, and strings with named characters. */
  readonly value?: string | number | undefined;
}

const KEYWORDS =
  'False None True and as assert async await break class continue def del elif else except finally for from global if import in is lambda nonlocal not or pass raise return try while with yield';

/** The words that cannot be names. `match`, `case`, `type` and `_` are names that some places read otherwise. */
export const keywords: ReadonlySet<string> = new Set(KEYWORDS.split(' '));

const OPERATORS =
  '**= //= >>= <<= ... := != ** // >> << <= >= == -> += -= *= /= %= @= &= |= ^= + - * / % @ & | ^ ~ < > = ( ) [ ] { } , : . ;';

/** All operators, those of three characters first. */
export const operators: readonly string[] = OPERATORS.split(' ');

/** The text of the colon before the format of a replacement field. No operator is spelled so. */
export const FORMAT_COLON = '::';
