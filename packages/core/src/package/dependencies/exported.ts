import type { Issue } from '../../issue.ts';

/** Dependencies in the form of another tool, and what that form cannot say. */
export interface ExportedDependencies {
  readonly text: string;
  readonly issues: readonly Issue[];
}

/** Something that the form has no place for; it stands in the text as a comment. */
export function unsaid(subject: string, wanted: string): Issue {
  const what = `${subject} ${wanted}`.trim();
  return {
    severity: 'note',
    code: 'no-place',
    message: `There is no place for ${what}; it is a comment.`,
    subject,
  };
}

/** A text that ends where its line ends, whatever it holds. */
export function oneLine(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  return text.replace(/[\u0000-\u001f\u007f\u0085\u2028\u2029]+/g, ' ');
}
