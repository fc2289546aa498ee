import type { TextStream, World } from '../world.ts';

/** Colours for one stream; they change nothing where the stream is no terminal. */
export interface Colours {
  bold(text: string): string;
  dim(text: string): string;
  red(text: string): string;
  yellow(text: string): string;
  green(text: string): string;
}

/** FORCE_COLOR decides first (as in Node), then NO_COLOR, then whether a person is looking. */
export function coloursFor(stream: TextStream, env: World['env']): Colours {
  const on = wanted(stream, env);
  const style = (open: number, close: number) => (text: string) =>
    on && text !== '' ? `\x1b[${open}m${text}\x1b[${close}m` : text;
  return {
    bold: style(1, 22),
    dim: style(2, 22),
    red: style(31, 39),
    yellow: style(33, 39),
    green: style(32, 39),
  };
}

function wanted(stream: TextStream, env: World['env']): boolean {
  const forced = env.FORCE_COLOR;
  if (forced !== undefined) return forced !== '0' && forced !== 'false';
  if (env.NO_COLOR !== undefined && env.NO_COLOR !== '') return false;
  return stream.isTTY === true && env.TERM !== 'dumb';
}
