/** Reads an answer of at most `most` bytes, `undefined` if there are more; one that breaks off before `least` is an error. */
export async function readBody(
  response: Response,
  { least, most }: { readonly least: number; readonly most: number },
  alive: () => void,
): Promise<Uint8Array | undefined> {
  const bytes = new Uint8Array(most);
  let length = 0;
  if (response.body !== null) {
    const reader = response.body.getReader();
    try {
      for (;;) {
        const { done, value } = await reader.read();
        if (done) break;
        alive();
        if (length + value.length > most) return undefined;
        bytes.set(value, length);
        length += value.length;
      }
    } finally {
      await reader.cancel().catch(() => undefined);
    }
  }
  if (length < least) throw new CutOff();
  return bytes.subarray(0, length);
}

/** The connection ended too early; worth another attempt. */
export class CutOff extends Error {
  override readonly name = 'CutOff';
}
