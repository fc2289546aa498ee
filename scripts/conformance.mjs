// Runs the conformance suite: real torch and real safetensors on one side, the built command line on the other.
// What follows the command goes to pytest.
import './build-once.mjs';
import { preparedPython, run } from './python.mjs';

const python = preparedPython();
const args = process.argv.slice(2).filter((argument) => argument !== '--');
// Tests wait for processes most of the time; files stay together, because what they set up is for all their tests.
const parallel = ['-n', 'auto', '--dist', 'worksteal'];
run(python, ['-m', 'pytest', 'conformance', '-q', '-p', 'no:cacheprovider', ...parallel, ...args]);
