/** Characters of a name that are shown in a picture. */
const SHOWN = 40;

/** Control characters, those that turn the direction of text around, and those that XML refuses. */
const STEERING = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}\u{fffe}\u{ffff}]/gu;

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** A text from a file, fit to be within a label that is HTML for Graphviz: nothing in it is markup. */
function escaped(text: string): string {
  return shortened(text)
    .replace(STEERING, (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`)
    .replace(/[&<>"]/g, (character) => entities[character]!);
}

/** The end of a long name says more than its beginning. */
function shortened(text: string): string {
  return text.length > SHOWN ? `…${text.slice(-SHOWN)}` : text;
}

/** A node with a coloured title and lines below it. */
export function box(id: string, colour: string, title: string, lines: readonly string[]): string {
  const head = `<TR><TD BGCOLOR="${colour}" ALIGN="LEFT" CELLPADDING="5"><FONT COLOR="white"><B>${escaped(title)}&#160;&#160;</B></FONT></TD></TR>`;
  const body = lines
    .map((line) => `<BR ALIGN="LEFT"/>${escaped(line)}`)
    .join('')
    .replace('<BR ALIGN="LEFT"/>', '');
  const rest =
    lines.length === 0
      ? ''
      : `<TR><TD BGCOLOR="white" ALIGN="LEFT" BALIGN="LEFT" CELLPADDING="4"><FONT POINT-SIZE="9">${body}</FONT></TD></TR>`;
  return `  ${id} [label=<<TABLE BORDER="0" COLOR="${colour}" CELLBORDER="1" CELLSPACING="0">${head}${rest}</TABLE>>];`;
}

/** A value that comes from outside or goes there. */
export function pill(id: string, name: string, type: string, style: 'solid' | 'dashed'): string {
  const label = leftAligned([
    escaped(name),
    ...(type === '' ? [] : [`<FONT POINT-SIZE="9">${escaped(type)}</FONT>`]),
  ]);
  return `  ${id} [shape=box, style="rounded,filled,${style}", fillcolor="#eef1f4", color="#8a939c", label=<${label}>];`;
}

/** An arrow with the name of a value and its shape. */
export function arrow(from: string, to: string, name: string, shape: string): string {
  const label = leftAligned([
    `<FONT COLOR="#9aa1a8">&#160;${escaped(name)}</FONT>`,
    ...(shape === '' ? [] : [`&#160;${escaped(shape)}`]),
  ]);
  return `  ${from} -> ${to} [label=<${label}>];`;
}

/** All text begins at the left: where fonts differ from what Graphviz measured, what is centred would be askew. */
function leftAligned(all: readonly string[]): string {
  return all.map((line) => `${line}<BR ALIGN="LEFT"/>`).join('');
}

/** A whole graph. */
export function digraph(title: string, lines: readonly string[]): string {
  return `digraph {
  graph [rankdir=TB, ranksep=0.35, nodesep=0.3, fontsize=12, labelloc=t, label=<${escaped(title)}>];
  node [shape=plain, fontsize=11];
  edge [fontsize=8, color="#5c6670", arrowsize=0.6];
${lines.join('\n')}
}
`;
}
