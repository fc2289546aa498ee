/** Something that is not an error but must be known: a note, a loss, or what makes a conversion impossible. */
export interface Issue {
  readonly severity: 'note' | 'loss' | 'blocker';
  /** Stable, kebab-case, for programs. */
  readonly code: string;
  /** A sentence for people. */
  readonly message: string;
  /** The tensor, resource or key that it is about. */
  readonly subject?: string | undefined;
}
