import { asComplex, asOrderedDict, asPlain, newName, type PickleValue } from '@torsh/pickle';

/** Bytes from annotated hexadecimal: everything behind `#` in a line is a comment, `'…'` is ASCII text. */
export function hex(text: string): Uint8Array {
  const bytes: number[] = [];
  for (const line of text.split('\n')) {
    for (const [word] of line.replace(/#.*$/, '').matchAll(/'[^']*'|[0-9a-fA-F]{2}/g)) {
      if (word.startsWith("'")) bytes.push(...Buffer.from(word.slice(1, -1), 'latin1'));
      else bytes.push(Number.parseInt(word, 16));
    }
  }
  return Uint8Array.from(bytes);
}

/** Bytes from text, one a character. */
export function ascii(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'latin1'));
}

/** Why two values are not the same in kind, content, order and sharing; `undefined` where they are. */
export function difference(left: PickleValue, right: PickleValue): string | undefined {
  const there = new Map<object, object>();
  const back = new Map<object, object>();
  const work: [PickleValue, PickleValue][] = [[left, right]];
  while (work.length > 0) {
    const [a, b] = work.pop()!;
    if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) {
      if (!Object.is(a, b)) return `${String(a)} is not ${String(b)}`;
      continue;
    }
    if (there.has(a) || back.has(b)) {
      if (there.get(a) !== b || back.get(b) !== a) return 'shared differently';
      continue;
    }
    const [plainA, plainB] = [asPlain(a), asPlain(b)] as [object & PickleValue, object & PickleValue];
    if (hasIdentity(plainA) && hasIdentity(plainB)) {
      there.set(a, b);
      back.set(b, a);
    }
    const [flatA, partsA] = shape(plainA);
    const [flatB, partsB] = shape(plainB);
    if (flatA !== flatB || partsA.length !== partsB.length) return `${flatA} is not ${flatB}`;
    for (const [at, part] of partsA.entries()) work.push([part, partsB[at]!]);
  }
  return undefined;
}

function hasIdentity(value: object & PickleValue): boolean {
  if (value instanceof Uint8Array) return true;
  if (value.kind === 'tuple') return value.items.length > 0;
  return !['float', 'global', 'extension'].includes(value.kind);
}

/** A value as a text that says all but its parts, and its parts. */
function shape(value: object & PickleValue): [string, readonly PickleValue[]] {
  if (value instanceof Uint8Array) return [`bytes ${Buffer.from(value).toString('hex')}`, []];
  switch (value.kind) {
    case 'float':
      return [`float ${Object.is(value.value, -0) ? '-0' : value.value}`, []];
    case 'str8':
    case 'bytearray':
      return [`${value.kind} ${Buffer.from(value.bytes).toString('hex')}`, []];
    case 'tuple':
    case 'list':
    case 'set':
    case 'frozenset':
      return [`${value.kind} ${value.items.length}`, value.items];
    case 'dict':
      return [`dict ${value.keys.length}`, [...value.keys, ...value.values]];
    case 'global':
      return [
        `global ${newName(value.module, value.name).join(' ')} ${value.states?.length}`,
        [...(value.operands ?? []), ...(value.states ?? [])],
      ];
    case 'object': {
      const complex = asComplex(value);
      if (complex !== undefined) return ['complex', complex];
      const dict = asOrderedDict(value);
      if (dict !== undefined)
        return [`odict ${dict.keys.length}`, [...dict.keys, ...dict.values, dict.state ?? null]];
      const { callee, args, kwargs = null, states, items, keys, values } = value;
      // INST is what protocol 0 has for OBJ.
      const how = value.how === 'obj' ? 'inst' : value.how;
      const parts = [callee, args, kwargs, ...states, ...items, ...keys, ...values];
      return [`object ${how} ${states.length} ${items.length} ${keys.length}`, parts];
    }
    case 'persistent':
      return ['persistent', [value.id]];
    case 'extension':
      return [`extension ${value.code}`, []];
  }
}
