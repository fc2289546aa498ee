import { type ReadOptions, readAll } from '@torsh/bytes';
import { MOCK_STUB } from '../export/mock.ts';
import type { PackageImporter } from '../read/importer.ts';

/** The source that torch gives every mocked module, whatever its white space. */
const STUB =
  /^from _mock import MockedObject\s+def __getattr__\(attr: str\):\s+return MockedObject\(__name__ \+ '\.' \+ attr, _suppress_err=True\)\s*$/;

/** torch's has 126 bytes, ours not many more. */
const STUB_BYTES = 256;

/** The modules that are only there to be named: `mock` has put a stub in their place. */
export async function mockedModules(
  { modules, record }: PackageImporter,
  options: ReadOptions,
): Promise<ReadonlySet<string>> {
  const mocked = new Set<string>();
  for (const [name, { path }] of modules) {
    const source = path === undefined ? undefined : record(path);
    if (source === undefined || source.size > STUB_BYTES) continue;
    const bytes = await readAll(source, STUB_BYTES, options);
    const text = String.fromCharCode(...bytes);
    if (text === MOCK_STUB || STUB.test(text)) mocked.add(name);
  }
  return mocked;
}
