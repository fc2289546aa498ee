import type { FileTreeSink } from '@torsh/bytes';
import { tensorsOf } from './archive.ts';
import { createContext, type Options } from './context.ts';
import { fitModels } from './fit.ts';
import type { Format, Input } from './format.ts';
import type { Issue } from './issue.ts';
import { openIn } from './open-in.ts';
import { plan } from './plan.ts';
import { withProvenance } from './provenance.ts';
import { transform, type Wishes } from './transform.ts';

/** Where a conversion writes. `open` is called once everything is known to be possible, and not before. */
export interface Output {
  readonly name: string;
  open(): Promise<FileTreeSink>;
}

export interface ConvertOptions extends Options, Wishes {
  readonly to: Format;
  readonly from?: string | undefined;
  readonly allowLoss?: boolean | undefined;
  /** Recorded as the maker of the result. */
  readonly converter?: string | undefined;
}

/** What a conversion did, or why it did not begin. */
export interface Report {
  /** False where the plan refused: nothing was created. */
  readonly written: boolean;
  readonly from: string;
  readonly to: string;
  readonly tensors: number;
  /** Bytes of the tensors, dense. */
  readonly bytes: number;
  readonly lossless: boolean;
  readonly issues: readonly Issue[];
}

/** Opens an input, plans, and writes it in another format. Refusal because of loss is a report, not an error. */
export async function convert(input: Input, output: Output, options: ConvertOptions): Promise<Report> {
  const issues: Issue[] = [];
  const report = (issue: Issue): void => {
    issues.push(issue);
    options.report?.(issue);
  };
  const context = createContext({ ...options, report });
  const opened = await openIn(input, options.formats, context, options.from);
  const chosen = transform(opened, options, report);
  const all = withProvenance(chosen, options.to, issues, options.converter);
  const planned = plan(all, options.to, context.limits);
  for (const issue of planned.issues) report(issue);

  const whole = planned.possible ? fitModels(all, options.to.writer!.accepts.models) : all;
  const tensors = [...tensorsOf(whole)];
  const result = {
    from: opened.origin,
    to: options.to.id,
    tensors: tensors.length,
    bytes: tensors.reduce((sum, [, tensor]) => sum + tensor.data.size, 0),
    lossless: !issues.some(({ severity }) => severity !== 'note'),
    issues,
  };
  const allowed = planned.possible && (result.lossless || options.allowLoss === true);
  if (!allowed) return { ...result, written: false };

  const sink = await output.open();
  try {
    await options.to.writer!.write(whole, sink, output.name, context);
    context.signal.throwIfAborted();
    await sink.close();
  } catch (error) {
    // Whatever goes wrong while cleaning up, the first error is the one to tell.
    await sink.abort(error).catch(() => undefined);
    throw error;
  }
  return { ...result, written: true };
}
