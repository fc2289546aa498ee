/** CRC-32 of more bytes behind those that gave `previous`, by the fastest means that this machine has. */
export declare const fastCrc32: (bytes: Buffer, previous: number) => number;
