// `pnpm bench:patch [--megabytes 500]`: see bench/README.md.
import '../scripts/build-once.mjs';
import { preparedPython, run } from '../scripts/python.mjs';

const python = preparedPython();
run(python, ['bench/patch.py', ...process.argv.slice(2).filter((argument) => argument !== '--')]);
