/** The failure of a relative import that climbs out of its package, in torch's words. */
export const BEYOND_TOP = 'attempted relative import beyond top-level package';

/**
 * The name that a relative import of some level means, seen from a package; nothing if there are not enough packages
 * to climb. A level of one is the package itself.
 */
export function resolveRelative(name: string, packageName: string, level: number): string | undefined {
  const parts = packageName.split('.');
  if (parts.length < level) return undefined;
  const base = parts.slice(0, parts.length - level + 1).join('.');
  return name === '' ? base : `${base}.${name}`;
}

/**
 * The package from which a module's relative imports are seen. A module at the top that is no package is its own, as
 * torch.package has it, so `from . import x` in `foo.py` means `foo.x`.
 */
export function packageOf(module: string, isPackage: boolean): string {
  if (isPackage) return module;
  const dot = module.lastIndexOf('.');
  return dot < 0 ? module : module.slice(0, dot);
}
