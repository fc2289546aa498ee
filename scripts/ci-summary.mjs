// Adds up what the steps of .ci/run left behind. A step that left nothing has failed.
import { existsSync, readFileSync } from 'node:fs';

const folder = process.argv[2];
const read = (name) =>
  existsSync(`${folder}/${name}`) ? readFileSync(`${folder}/${name}`, 'utf8') : undefined;

function vitest(name) {
  const text = read(name);
  if (text === undefined) return { passed: 0, failed: 1 };
  const { numPassedTests, numFailedTests, numFailedTestSuites, success } = JSON.parse(text);
  const failed = numFailedTests > 0 ? numFailedTests : numFailedTestSuites;
  return { passed: numPassedTests, failed: success ? failed : Math.max(failed, 1) };
}

function junit(name) {
  const suite = read(name)?.match(/<testsuite [^>]*>/)?.[0];
  if (suite === undefined) return { passed: 0, failed: 1 };
  const count = (attribute) => Number(suite.match(new RegExp(`\\b${attribute}="(\\d+)"`))?.[1] ?? 0);
  const failed = count('errors') + count('failures');
  const passed = count('tests') - failed - count('skipped');
  return { passed, failed: passed === 0 ? Math.max(failed, 1) : failed };
}

function steps(name) {
  const lines = read(name)?.trim().split('\n') ?? [];
  return {
    passed: lines.filter((line) => line.endsWith('passed')).length,
    failed: lines.filter((line) => line.endsWith('failed')).length,
  };
}

const parts = {
  'tests on this Node': vitest('node.json'),
  'tests on Node 24': vitest('node24.json'),
  checks: steps('steps'),
  conformance: junit('conformance.xml'),
};
let passed = 0;
let failed = 0;
for (const [name, part] of Object.entries(parts)) {
  console.log(`${name}: ${part.passed} passed, ${part.failed} failed`);
  passed += part.passed;
  failed += part.failed;
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
