import { allFormats } from '@torsh/formats';
import type { Arguments } from '../arguments.ts';
import { EXIT } from '../exit.ts';
import { coloursFor } from '../render/colour.ts';
import { formatTable } from '../render/table.ts';
import { formatJson } from '../render/text.ts';
import type { World } from '../world.ts';

/** `torsh formats`. */
export async function runFormats(given: Arguments, world: World): Promise<number> {
  const rows = allFormats().map(({ id, title, reader, writer }) => ({
    id,
    title,
    reads: reader !== undefined,
    writes: writer !== undefined,
    suffix: writer?.suffix ?? null,
  }));
  if (given.flag('json')) {
    world.stdout.write(formatJson(rows));
    return EXIT.done;
  }
  const { bold } = coloursFor(world.stdout, world.env);
  const yes = (is: boolean) => (is ? 'yes' : '-');
  const table = rows.map((row) => [row.id, row.title, yes(row.reads), yes(row.writes), row.suffix ?? '-']);
  const head = ['format', 'title', 'reads', 'writes', 'ending'].map(bold);
  world.stdout.write(`${formatTable([head, ...table])}\n`);
  return EXIT.done;
}
