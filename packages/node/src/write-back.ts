import fs from 'node:fs';

/** Brings bytes to the disk while more of them are made, so that the last wait is short. */
export interface WriteBack {
  /** So many bytes were written. */
  wrote(bytes: number): void;
  /** Waits until nothing is under way; the descriptor may be closed then. */
  settle(): Promise<void>;
}

/** Systems keep up to a tenth of the memory before they begin to write by themselves; this many bytes are enough. */
const BEGIN = 128 * 1024 * 1024;

export function writeBack(fd: number): WriteBack {
  let waiting = 0;
  let running: Promise<void> | undefined;
  return {
    wrote(bytes) {
      waiting += bytes;
      if (waiting < BEGIN || running !== undefined) return;
      waiting = 0;
      // What fails here fails again when the sink syncs at its end, and is told there.
      running = new Promise((resolve) => {
        fs.fdatasync(fd, () => {
          running = undefined;
          resolve();
        });
      });
    },
    async settle() {
      await running;
    },
  };
}
