import type { Progress } from '@torsh/core';
import type { World } from '../world.ts';
import { formatBytes, formatSeconds } from './number.ts';

/** A line on the terminal that says how far the work is. */
export interface ProgressBar {
  update(progress: Progress): void;
  /** Takes the line away; it comes back with the next update. */
  clear(): void;
}

const EVERY = 100;
/** What is done sooner needs no bar. */
const PATIENCE = 250;

const words: Readonly<Record<Progress['stage'], string>> = {
  reading: 'Reading',
  writing: 'Writing',
  verifying: 'Checking',
};

/** A bar on standard error if that is a terminal and `shown`; otherwise one that does nothing. */
export function progressBar(world: World, shown: boolean): ProgressBar {
  const { stderr } = world;
  if (!shown || stderr.isTTY !== true || world.env.TERM === 'dumb') return { update() {}, clear() {} };
  const began = world.now();
  let last = began + PATIENCE - EVERY;
  let stage: { readonly name: Progress['stage']; readonly since: number } | undefined;
  let drawn = false;
  return {
    update(progress) {
      const now = world.now();
      if (stage?.name !== progress.stage) stage = { name: progress.stage, since: now };
      if (now - last < EVERY) return;
      last = now;
      drawn = true;
      // One column stays free: some terminals wrap when the last one is filled. Some say that they have none at all.
      stderr.write(
        `\r\x1b[K${formatProgress(progress, (now - stage.since) / 1000, (stderr.columns || 80) - 1)}`,
      );
    },
    clear() {
      if (drawn) stderr.write('\r\x1b[K');
      drawn = false;
    },
  };
}

/** The line itself, at most `width` columns wide. */
export function formatProgress({ stage, done, total }: Progress, seconds: number, width: number): string {
  const part = total > 0 ? Math.min(1, done / total) : 1;
  const percent = `${Math.floor(part * 100)}%`.padStart(4);
  const speed = seconds > 0 ? `  ${formatBytes(done / seconds)}/s` : '';
  const left =
    part > 0 && part < 1 && seconds > 1 ? `  ${formatSeconds((seconds * (1 - part)) / part)} left` : '';
  const head = `${words[stage]} `;
  const tail = `${percent}  ${formatBytes(done)} of ${formatBytes(total)}${speed}${left}`;
  const cells = Math.min(30, width - head.length - tail.length - 1);
  if (cells < 5) return `${head}${percent.trimStart()}`.slice(0, Math.max(0, width));
  const full = Math.round(part * cells);
  return `${head}${'█'.repeat(full)}${'░'.repeat(cells - full)} ${tail}`;
}
