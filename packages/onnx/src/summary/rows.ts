import type { ModelSummary, Value } from './facts.ts';

/** Members of a list that are shown before it is cut short. */
const SHOWN = 8;

/** Characters of a name that are shown. */
const LONG = 60;

/** A summary as rows for people: a title and a text. */
export function factRows(summary: ModelSummary): [string, string][] {
  const { opsets, producer, weights, work, functions, subgraphs } = summary;
  const rows: [string, string][] = [
    [
      'operator sets',
      `${some(Object.entries(opsets).map(([domain, version]) => `${short(domain)} ${version}`))} (IR version ${summary.ir_version})`,
    ],
  ];
  if (producer !== '') rows.push(['producer', short(producer)]);
  rows.push(
    ['inputs', some(summary.inputs.map(valueText))],
    ['outputs', some(summary.outputs.map(valueText))],
  );
  const inside = [
    ...(subgraphs > 0 ? [`${counted(subgraphs)} subgraphs`] : []),
    ...(functions.length > 0 ? [`${counted(functions.length)} functions`] : []),
  ];
  rows.push(['nodes', [counted(summary.nodes), ...inside].join(', with ')]);
  if (summary.nodes > 0) rows.push(['operators', some(Object.entries(summary.operators).map(times))]);
  const types = Object.entries(weights.types).map(([type, { tensors }]) => `${type} × ${counted(tensors)}`);
  if (types.length > 0) rows.push(['weights', `${counted(weights.parameters)} parameters: ${some(types)}`]);
  const files = Object.entries(weights.external);
  if (files.length > 0) rows.push(['external', some(files.map(times))]);
  if (work !== null && summary.nodes > 0) rows.push(['work', workText(work)]);
  return rows;
}

function workText({ macs, flops, assumed, unknown, shapeless }: NonNullable<ModelSummary['work']>): string {
  const parts = [`${scaled(macs)}MACs, ${scaled(flops)}FLOPs`];
  if (assumed.length > 0) parts.push(`with ${some(assumed.map((name) => `${short(name)} = 1`))}`);
  const left = { 'without a known shape': shapeless, 'not counted': unknown };
  for (const [why, operators] of Object.entries(left)) {
    const names = Object.entries(operators).map(times);
    if (names.length > 0) parts.push(`${why}: ${some(names)}`);
  }
  return parts.join('; ');
}

function valueText({ name, type, shape }: Value): string {
  const sizes = shape?.slice(0, SHOWN).map((size) => size ?? '?') ?? [];
  const rest = (shape?.length ?? 0) > SHOWN ? ', …' : '';
  return `${short(name)} ${short(type)}${shape === null ? '' : ` [${sizes.join(', ')}${rest}]`}`;
}

function times([name, count]: readonly [string, number]): string {
  return `${short(name)} × ${counted(count)}`;
}

function some(all: readonly string[]): string {
  if (all.length === 0) return 'none';
  const rest = all.length - SHOWN;
  return `${all.slice(0, SHOWN).join(', ')}${rest > 0 ? ` and ${counted(rest)} more` : ''}`;
}

/** A name that may be as long as its file lets it. */
function short(name: string): string {
  return name.length > LONG ? `${name.slice(0, LONG)}…` : name;
}

function counted(number: number): string {
  return String(number).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** `4.1 G`: three digits and the thousands that they stand for. */
function scaled(number: number): string {
  const units = ['', 'k', 'M', 'G', 'T', 'P', 'E'];
  const step = Math.max(0, Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, number)) / 3)));
  const value = number / 1000 ** step;
  return `${step === 0 ? value : value.toPrecision(3)} ${units[step]}`;
}
