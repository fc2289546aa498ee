import type { Archive, Json } from './archive.ts';
import type { Format } from './format.ts';
import type { Issue } from './issue.ts';

/** The namespace in which a format that has room for it keeps where the model came from. */
export const PROVENANCE = 'provenance';

/** The archive with a record of its origin, where the target keeps one and the archive has none yet. */
export function withProvenance(
  archive: Archive,
  target: Format,
  issues: readonly Issue[],
  converter: string | undefined,
): Archive {
  const accepts = target.writer?.accepts.metadata ?? [];
  const kept = accepts === 'all' || accepts.includes(PROVENANCE);
  if (!kept || archive.metadata[PROVENANCE] !== undefined) return archive;
  const record: Json = {
    source: { format: archive.origin },
    ...(converter === undefined ? {} : { converter }),
    issues: issues.map(({ severity, code, message, subject }) => ({
      severity,
      code,
      ...(subject === undefined ? {} : { subject }),
      message,
    })),
  };
  return {
    ...archive,
    metadata: { ...archive.metadata, [PROVENANCE]: record },
    incidental: new Set([...archive.incidental, PROVENANCE]),
  };
}
