/** How safetensors files are read and written. */
export interface SafetensorsOptions {
  /** Read whatever the reference library reads, with a note for what is refused otherwise. */
  readonly tolerant?: boolean | undefined;
  /** Write shards and an index where the tensors take more bytes than this; one file where absent. */
  readonly maxShardBytes?: number | undefined;
}
