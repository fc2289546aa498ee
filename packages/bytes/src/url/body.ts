import { io } from './refusal.ts';

/** Reads at most `most` bytes of an answer; more is an error, and so is an answer that breaks off before `least`. */
export async function readBody(
  response: Response,
  { least, most }: { readonly least: number; readonly most: number },
  shown: string,
  alive: () => void,
): Promise<Uint8Array> {
  const bytes = new Uint8Array(most);
  let length = 0;
  if (response.body !== null) {
    const reader = response.body.getReader();
    try {
      for (;;) {
        const { done, value } = await reader.read();
        if (done) break;
        alive();
        if (length + value.length > most) {
          throw io(`The server sends more bytes of ${shown} than it announced.`, shown);
        }
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
