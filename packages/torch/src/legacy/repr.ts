import type { PickleValue } from '@torsh/pickle';

// Protocol 0 writes a persistent id as text. torch gives a tuple, so what lies in the file is how Python prints one:
// ('storage', <class 'torch.FloatStorage'>, '94304870911616', 'cpu', 4, None). Only this much of Python is understood.

/** Tuples lie in tuples where a storage is a stretch of another, and no deeper. */
const DEEPEST = 2;

const TOKEN =
  /[ ]*(?:(?<open>\()|(?<close>\))|(?<comma>,)|(?<none>None)(?![\w])|(?<integer>-?\d{1,40})L?(?![\w])|<(?:class|type) '(?<module>[\w.]+)\.(?<name>\w+)'>|u?(?:'(?<single>(?:[^'\\]|\\.)*)'|"(?<double>(?:[^"\\]|\\.)*)"))/y;

/** The tuple that a text prints; `undefined` for any other text. */
export function parseTuple(text: string): PickleValue | undefined {
  const tokens = new RegExp(TOKEN.source, 'y');
  const open: PickleValue[][] = [];
  let expects: 'value' | 'comma' = 'value';
  for (;;) {
    const found = tokens.exec(text)?.groups;
    if (found === undefined) return undefined;
    if (found.open !== undefined) {
      if (expects !== 'value' || open.length === DEEPEST) return undefined;
      open.push([]);
    } else if (found.comma !== undefined) {
      if (expects !== 'comma') return undefined;
      expects = 'value';
    } else if (found.close !== undefined) {
      const items = open.pop();
      // `(1,)` ends in a comma, and so may not `(1, 2,)`: Python does not print that.
      if (items === undefined || (expects === 'value' && items.length > 1)) return undefined;
      const tuple: PickleValue = { kind: 'tuple', items };
      const around = open.at(-1);
      if (around === undefined) return tokens.lastIndex === text.length ? tuple : undefined;
      around.push(tuple);
      expects = 'comma';
    } else {
      const value = plainValue(found);
      if (expects !== 'value' || open.length === 0 || value === undefined) return undefined;
      open.at(-1)!.push(value);
      expects = 'comma';
    }
  }
}

function plainValue(found: Readonly<Record<string, string | undefined>>): PickleValue | undefined {
  const { none, integer, module, name, single, double } = found;
  if (none !== undefined) return null;
  if (integer !== undefined) {
    const value = Number(integer);
    return Number.isSafeInteger(value) ? value : BigInt(integer);
  }
  if (module !== undefined && name !== undefined) return { kind: 'global', module, name };
  return unescaped(single ?? double ?? '');
}

const PLAIN: Readonly<Record<string, string>> = {
  '\\': '\\',
  "'": "'",
  '"': '"',
  n: '\n',
  r: '\r',
  t: '\t',
};

/** The text between the quotes; `undefined` where it has an escape that Python does not print. */
function unescaped(quoted: string): string | undefined {
  let strange = false;
  const text = quoted.replace(
    /\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|U([0-9a-f]{8})|(.))/gs,
    (_, x?: string, u?: string, long?: string, plain?: string) => {
      const code = x ?? u ?? long;
      const made = code === undefined ? PLAIN[plain ?? ''] : character(Number.parseInt(code, 16));
      strange ||= made === undefined;
      return made ?? '';
    },
  );
  return strange ? undefined : text;
}

function character(code: number): string | undefined {
  return code > 0x10ffff ? undefined : String.fromCodePoint(code);
}
