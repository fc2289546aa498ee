import { isGlobal, isKind, type PickleValue, type PyObject, type PyPersistent } from '@torsh/pickle';

/** The module of the class of an object, as far as the pickle tells; for other calls that of the function. */
export function classModule(value: PyObject | PyPersistent): string | undefined {
  let callee: PickleValue | undefined = calleeOf(value);
  if (isGlobal(callee, 'copyreg', '_reconstructor') || isGlobal(callee, 'copyreg', '__newobj__')) {
    const { args } = value as PyObject;
    callee = isKind(args, 'tuple') ? args.items[0] : undefined;
  }
  // Protocol 3 spells a class within a class as getattr(Outer, 'Inner').
  for (let depth = 0; depth < DEEPEST && isKind(callee, 'object'); depth++) {
    if (!isGlobal(callee.callee, 'builtins', 'getattr') || !isKind(callee.args, 'tuple')) return undefined;
    callee = callee.args.items[0];
  }
  return isKind(callee, 'global') ? callee.module : undefined;
}

/** Classes of honest programs lie a few deep in each other. */
const DEEPEST = 64;

function calleeOf(value: PyObject | PyPersistent): PickleValue | undefined {
  if (value.kind === 'object') return value.callee;
  const { id } = value;
  return isKind(id, 'tuple') && id.items[0] === 'reduce_package' ? id.items.at(-2) : undefined;
}
