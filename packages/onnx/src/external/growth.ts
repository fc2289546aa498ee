import { type ByteSource, type Limits, TorshError } from '@torsh/bytes';

/** Refuses tensors that have the bytes of their files many times over: each of them would be written in full. */
export function checkGrowth(
  tensors: Iterable<{ readonly name: string; readonly data: ByteSource }>,
  files: Iterable<ByteSource>,
  limits: Pick<Limits, 'expandedBytes' | 'expansionRatio'>,
): void {
  let fileBytes = 0;
  for (const { size } of files) fileBytes += size;
  let total = 0;
  for (const { name, data } of tensors) {
    total += data.size;
    if (total <= fileBytes * limits.expansionRatio + limits.expandedBytes) continue;
    const message = `The files beside the model have ${fileBytes} bytes, but the tensors in them up to ${name} would have ${total}: they overlap many times over. Raise the limits expandedBytes or expansionRatio if that is meant.`;
    throw new TorshError('limit', message);
  }
}
