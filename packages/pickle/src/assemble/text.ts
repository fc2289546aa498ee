import { writeText } from '../scalars.ts';
import type { Writer } from './writer.ts';

/** A text; equal ones are written once. */
export function saveText(writer: Writer, text: string): void {
  if (writer.memo.fetch(text)) return;
  writeText(writer.out, text, writer.protocol);
  writer.memo.put(text);
}
