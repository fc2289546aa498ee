import type { Limits } from '@torsh/bytes';
import { isPhysical, type PhysicalDType } from '../dtype.ts';
import type { HeaderTensor } from './header.ts';
import type { JsonScanner } from './json.ts';

/** Called for what the reference library accepts and a strict reading refuses. */
export type Deviation = (code: string, message: string, subject: string, at: number) => void;

const OPEN_OBJECT = 0x7b;
const OPEN_LIST = 0x5b;
/** Stands for offsets that have not come yet. */
const NONE: number[] = [];

/** A function that reads one value of a header, `{"dtype":…,"shape":…,"data_offsets":…}`, and checks what it can see. */
export function entryParser(
  scanner: JsonScanner,
  limits: Pick<Limits, 'dimensions' | 'nameBytes'>,
  deviation: Deviation,
): (name: string, at: number) => HeaderTensor {
  // One set of functions and variables for all tensors: a header may have 200,000.
  let dtype: PhysicalDType | undefined;
  let shape: number[] | undefined;
  let offsets = NONE;
  let subject = '';

  const addDimension = (index: number): void => {
    if (index >= limits.dimensions) {
      scanner.fail(
        `The tensor ${JSON.stringify(subject)} has more than ${limits.dimensions} dimensions.`,
        undefined,
        'limit',
      );
    }
    shape!.push(scanner.integer());
  };
  const addOffset = (index: number): void => {
    if (index > 1) scanner.fail(`The tensor ${JSON.stringify(subject)} has more than two data_offsets.`);
    offsets.push(scanner.integer());
  };
  const readDType = (): void => {
    dtype = parseDType(scanner, subject, deviation);
  };
  const readShape = (): void => {
    shape = [];
    scanner.array(addDimension);
  };
  const readOffsets = (): void => {
    offsets = [];
    scanner.array(addOffset);
  };
  const twice = (field: string, at: number): never =>
    scanner.fail(`${JSON.stringify(subject)} has two fields ${field}.`, at);
  const readField = (field: string, at: number): void => {
    if (field === 'dtype') dtype === undefined ? readDType() : twice(field, at);
    else if (field === 'shape') shape === undefined ? readShape() : twice(field, at);
    else if (field === 'data_offsets') offsets === NONE ? readOffsets() : twice(field, at);
    else {
      deviation(
        'extra-field',
        `The tensor ${JSON.stringify(subject)} has the extra field ${JSON.stringify(field)}.`,
        subject,
        at,
      );
      scanner.skip();
    }
  };
  const positional = [readDType, readShape, readOffsets];
  const readPositional = (index: number): void => {
    const read = positional[index];
    if (read === undefined)
      scanner.fail(`The tensor ${JSON.stringify(subject)} is a list of more than three values.`);
    else read();
  };

  return (name, at) => {
    [dtype, shape, offsets, subject] = [undefined, undefined, NONE, name];
    checkName(name, at, scanner, limits, deviation);
    if (scanner.next() === OPEN_LIST) {
      deviation('tensor-as-list', `The tensor ${JSON.stringify(name)} is a list, not an object.`, name, at);
      scanner.array(readPositional);
    } else scanner.object(readField);
    if (dtype === undefined || shape === undefined || offsets.length !== 2) {
      return scanner.fail(
        `The tensor ${JSON.stringify(name)} lacks its dtype, its shape or two data_offsets.`,
        at,
      );
    }
    return { name, dtype, shape, begin: offsets[0]!, end: offsets[1]! };
  };
}

function checkName(
  name: string,
  at: number,
  scanner: JsonScanner,
  limits: Pick<Limits, 'nameBytes'>,
  deviation: Deviation,
): void {
  if (name === '') deviation('empty-name', 'A tensor has an empty name.', name, at);
  if (name.includes('\0'))
    deviation('nul-in-name', `The name ${JSON.stringify(name)} has a NUL character.`, name, at);
  // A character has at most three bytes for each unit of its length.
  if (name.length * 3 > limits.nameBytes && new TextEncoder().encode(name).length > limits.nameBytes) {
    scanner.fail(`A tensor has a name of more than ${limits.nameBytes} bytes.`, at, 'limit');
  }
}

function parseDType(scanner: JsonScanner, subject: string, deviation: Deviation): PhysicalDType {
  const at = scanner.position();
  if (scanner.next() !== OPEN_OBJECT) return knownDType(scanner.string(), subject, at, scanner);
  deviation(
    'dtype-as-object',
    `The dtype of ${JSON.stringify(subject)} is an object, not a text.`,
    subject,
    at,
  );
  let dtype: PhysicalDType | undefined;
  scanner.object((name, place) => {
    if (dtype !== undefined || scanner.skip() !== 'null')
      scanner.fail('A dtype that is an object must be {"…":null}.', place);
    dtype = knownDType(name, subject, place, scanner);
  });
  return dtype ?? scanner.fail('A dtype is an empty object.', at);
}

function knownDType(name: string, subject: string, at: number, scanner: JsonScanner): PhysicalDType {
  if (isPhysical(name)) return name;
  const message = `The tensor ${JSON.stringify(subject)} has the dtype ${JSON.stringify(name)}, which safetensors 0.8 does not have.`;
  return scanner.fail(message, at, 'unsupported');
}
