import type { TextStream, World } from '../src/world.ts';

/** A stream that remembers what was printed. */
export interface Recorded extends TextStream {
  text(): string;
}

export function recorded(options: { isTTY?: boolean; columns?: number } = {}): Recorded {
  const parts: string[] = [];
  return { ...options, write: (text) => parts.push(text), text: () => parts.join('') };
}

/** A world for tests: no colours, a clock that stands still, streams that remember. */
export function testWorld(
  world: Partial<World> & { stdout?: Recorded; stderr?: Recorded } = {},
): World & { readonly stdout: Recorded; readonly stderr: Recorded } {
  return {
    stdout: recorded(),
    stderr: recorded(),
    cwd: '/',
    env: {},
    signal: new AbortController().signal,
    now: () => Date.UTC(2026, 0, 1),
    ...world,
  };
}
