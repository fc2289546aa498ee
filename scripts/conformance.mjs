// Runs the conformance suite: real torch and real safetensors on one side, the built command line on the other.
// What follows the command goes to pytest; tests that it names are run in place of all.
import './build-once.mjs';
import { preparedPython, run } from './python.mjs';

const python = preparedPython();
const args = process.argv.slice(2).filter((argument) => argument !== '--');
// Tests wait for processes most of the time; files stay together, because what they set up is for all their tests.
const parallel = ['-n', 'auto', '--dist', 'worksteal'];
const named = args.some((argument) => argument.startsWith('conformance/'));
const which = named ? [] : ['conformance'];
run(python, ['-m', 'pytest', '-q', '-p', 'no:cacheprovider', ...parallel, ...which, ...args]);
