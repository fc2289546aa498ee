import { describe } from 'vitest';
import { testClaims } from './claims.ts';
import { testDamage } from './damage.ts';
import type { FormatTests } from './format-tests.ts';
import { testLaziness } from './laziness.ts';
import { testLending } from './lending.ts';
import { testSignal } from './signal.ts';
import { testTruth } from './truth.ts';
import { testWriting } from './writing.ts';

/** The laws that hold for every format, as Vitest tests: docs/architecture.md, "Tests". */
export function testFormat(tests: FormatTests): void {
  describe(`the contract of ${tests.format.id}`, () => {
    testClaims(tests);
    testTruth(tests);
    testLaziness(tests);
    testSignal(tests);
    testLending(tests);
    testWriting(tests);
    testDamage(tests);
  });
}
