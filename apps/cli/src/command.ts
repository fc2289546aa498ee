import type { Arguments } from './arguments.ts';
import type { World } from './world.ts';

/** What a shell can offer where a value is to be typed. */
export type Completion = 'file' | 'format' | 'limit' | readonly string[];

/** An option of a command. */
export interface Option {
  readonly short?: string;
  /** What follows it, as help shows it; absent for a switch. */
  readonly value?: string;
  /** It may be given several times. */
  readonly many?: boolean;
  readonly complete?: Completion;
  readonly about: string;
}

/** A command as data: parsing, help and completions are made from it; its code is loaded when it runs. */
export interface Command {
  readonly name: string;
  readonly about: string;
  readonly usage: readonly string[];
  readonly words: { readonly least: number; readonly most: number; readonly complete: Completion };
  readonly options: Readonly<Record<string, Option>>;
  readonly notes?: readonly string[];
  readonly examples: readonly (readonly [line: string, meaning: string])[];
  load(): Promise<Run>;
}

/** The code of a command; gives the exit code. The table itself is lent to whoever prints it in another form. */
type Run = (given: Arguments, world: World, commands: readonly Command[]) => Promise<number>;
