import { writeText } from '../scalars.ts';
import type { PickleValue } from '../value.ts';
import type { Writer } from './writer.ts';

/** A text that is known by what it is and not by what it says. */
export class OwnText {
  readonly kind = 'own text';
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** Such a text where a value is wanted; only `save` meets it again. */
export function ownText(text: string): PickleValue {
  return new OwnText(text) as unknown as PickleValue;
}

/** Writes it where it is first, and fetches it wherever the same one is again. */
export function saveOwnText(writer: Writer, own: OwnText): void {
  if (writer.memo.fetch(own)) return;
  writeText(writer.out, own.text, writer.protocol);
  writer.memo.put(own);
}

/** A text; equal ones are written once. */
export function saveText(writer: Writer, text: string): void {
  if (writer.memo.fetch(text)) return;
  writeText(writer.out, text, writer.protocol);
  writer.memo.put(text);
}
