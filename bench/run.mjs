// `pnpm bench [--gib 2] [--rounds 5]`: see bench/README.md.
import '../scripts/build-once.mjs';
import { preparedPython, run } from '../scripts/python.mjs';

const python = preparedPython();
run(python, ['bench/bench.py', ...process.argv.slice(2).filter((argument) => argument !== '--')]);
