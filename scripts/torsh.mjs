// Runs the command line of this workspace, built if need be, in the folder where the person stands: pnpm itself goes to
// the root of the workspace first.
import { chdir, env } from 'node:process';
import './build-once.mjs';

if (env.INIT_CWD !== undefined) chdir(env.INIT_CWD);
await import('../apps/cli/dist/main.js');
