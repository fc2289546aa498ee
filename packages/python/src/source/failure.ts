/** Source text that is not Python. Thrown within this folder and caught at its border; `offset` is where it was seen. */
export class SyntaxFailure extends Error {
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}
