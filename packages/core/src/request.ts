/** What was asked for does not fit the file: a part that it does not have, a new name that is taken. The caller's move. */
export class RequestError extends TypeError {
  override readonly name: string = 'RequestError';
}
