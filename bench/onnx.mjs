// `pnpm bench:onnx [--gib 1.5] [--rounds 3] [--sparse-gib 10]`: see bench/README.md.
import '../scripts/build-once.mjs';
import { preparedPython, run } from '../scripts/python.mjs';

const python = preparedPython();
run(python, ['bench/onnx_models.py', ...process.argv.slice(2).filter((argument) => argument !== '--')]);
