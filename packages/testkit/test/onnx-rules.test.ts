import { isTorshError, withLimits } from '@torsh/bytes';
import { onnx } from '@torsh/onnx';
import { expect, it } from 'vitest';
import { flips, inputOf, sampleOf, samplesIn, testContext, truncations } from '../src/index.ts';
import { fixtures } from './checkpoints.ts';

const models = ['functions.onnx', 'if.onnx', 'sparse.onnx', 'types.onnx'];

it.each(models)('damage to %s ends in findings or an error, whoever looks', async (name) => {
  const [sample] = samplesIn(new URL('onnx/', fixtures), name);
  const bytes = [...sample!.files.values()][0]!;
  const format = onnx();
  const context = testContext({ limits: withLimits({}) });
  for (const { what, bytes: damaged } of [...flips(bytes), ...truncations(bytes)]) {
    const input = inputOf(sampleOf(name, damaged));
    for (const look of [
      () => format.validate!(input, context, () => {}),
      () => format.summarise!(input, context),
      () => format.draw!(input, context),
    ]) {
      const error = await look().then(
        () => undefined,
        (reason: unknown) => reason,
      );
      expect(error === undefined || isTorshError(error), `${what}: ${error}`).toBe(true);
    }
  }
});
