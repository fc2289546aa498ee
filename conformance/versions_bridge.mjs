// Runs the built packages for test_versions.py: jobs as JSON on standard input, answers as JSON on standard output.
import {
  comparePep440,
  dependencies,
  evaluateMarker,
  formatPep440,
  intersectSpecifiers,
  normalName,
  parseMarker,
  parsePep440,
  parsePythonRequirement,
  parseSpecifiers,
  satisfiesSpecifiers,
  toConda,
  toRequirements,
} from '../packages/core/dist/index.js';

/** The answer, or the code of the error. */
const attempt = (work) => {
  try {
    return work();
  } catch (error) {
    return error.code;
  }
};

const actions = {
  normal: (text) => attempt(() => formatPep440(parsePep440(text))),
  order: ([a, b]) => Math.sign(comparePep440(parsePep440(a), parsePep440(b))),
  satisfies: ([version, specifiers]) =>
    attempt(() => {
      const parsed = parseSpecifiers(specifiers);
      // Python answers no where it cannot read the version.
      const answer = (prereleases) =>
        attempt(() => satisfiesSpecifiers(version, parsed, { prereleases })) === true;
      return [answer(true), answer(false)];
    }),
  marker: ([text, variables]) =>
    attempt(() => evaluateMarker(parseMarker(text), new Map(Object.entries(variables)))),
  requirement: (text) =>
    attempt(() => {
      const { name, extras, specifiers, url, marker } = parsePythonRequirement(text);
      const clauses = specifiers.clauses.map(({ operator, version }) => operator + version);
      return [normalName(name), [...extras].sort(), clauses.sort(), url ?? null, marker !== undefined];
    }),
  exported: (python) => {
    const needs = dependencies({ python, system: { cuda: '>=11' } });
    return [toRequirements(needs).text, toConda(needs, 'a name: # of\nmine').text];
  },
  example: (list) => attempt(() => intersectSpecifiers(list).example ?? null),
};

let input = '';
for await (const chunk of process.stdin) input += chunk;
const jobs = JSON.parse(input);
process.stdout.write(
  JSON.stringify(
    Object.fromEntries(Object.entries(jobs).map(([name, list]) => [name, list.map(actions[name])])),
  ),
);
