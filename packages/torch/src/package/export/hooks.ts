/** Takes a hook away again. */
export interface HookHandle {
  remove(): void;
}

/** Functions that are called in the order in which they came, as long as nobody takes them away. */
export interface Hooks<Arguments extends readonly unknown[]> {
  add(hook: (...args: Arguments) => unknown): HookHandle;
  run(...args: Arguments): Promise<void>;
}

export function hooks<Arguments extends readonly unknown[]>(): Hooks<Arguments> {
  // Under an object of its own each, so that one function can be there twice.
  const registered = new Map<object, (...args: Arguments) => unknown>();
  return {
    add(hook) {
      if (typeof hook !== 'function') throw new TypeError('A hook must be a function.');
      const handle: HookHandle = { remove: () => void registered.delete(handle) };
      registered.set(handle, hook);
      return handle;
    },
    async run(...args) {
      for (const hook of registered.values()) await hook(...args);
    },
  };
}
