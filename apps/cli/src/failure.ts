/** An error together with the path, as the person wrote it, of the file that it is about. */
export class Failure extends Error {
  override readonly name = 'Failure';
  readonly path: string;
  override readonly cause: unknown;

  constructor(path: string, cause: unknown) {
    super(path);
    this.path = path;
    this.cause = cause;
  }
}

/** Does some work on a file; an error of it will be told with the file's path. */
export async function about<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof Failure ? error : new Failure(path, error);
  }
}
