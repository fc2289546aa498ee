/** How models are written. */
export interface OnnxOptions {
  /**
   * Initializers of at least so many bytes go into a file beside the model, all others into the model; `Infinity` for all of
   * them. Where absent, each lies where it lay.
   */
  readonly externalData?: number | undefined;
  /** What the file beside the model is: bytes one behind the other, or a safetensors file. */
  readonly weightsIn?: 'data' | 'safetensors' | undefined;
}

/** What onnx moves out of a model when it is asked to, and we when a model would be too large for protobuf. */
export const THRESHOLD = 1024;

/** Protobuf has no messages beyond this. */
export const LARGEST_MESSAGE: number = 2 ** 31 - 1;

/** From how many bytes on initializers leave the model; `undefined` where each stays where it is. */
export function threshold({ externalData, weightsIn }: OnnxOptions): number | undefined {
  // One weights file for both worlds has all weights.
  return externalData ?? (weightsIn === 'safetensors' ? 1 : weightsIn === 'data' ? THRESHOLD : undefined);
}

export function checkOptions({ externalData }: OnnxOptions): void {
  if (externalData === undefined || externalData === Number.POSITIVE_INFINITY) return;
  if (!Number.isSafeInteger(externalData) || externalData < 0) {
    throw new TypeError(`externalData must be a number of bytes, not ${externalData}`);
  }
}
