import { type FileTreeSink, toFiles } from '@torsh/bytes';
import { describe, expect, it } from 'vitest';
import {
  archive,
  type ConvertOptions,
  compare,
  convert,
  type Format,
  type Issue,
  model,
  open,
  type Progress,
  RequestError,
  torsh,
  verify,
} from '../src/index.ts';
import {
  codes,
  inputOf,
  openTorsh,
  platform,
  resource,
  smallArchive,
  stub,
  tensor,
  torshBytes,
} from './support.ts';

/** A format that reads whatever a test wants it to. */
const reads = (whole = smallArchive(), id = 'source'): Format =>
  stub(id, {
    detect: async () => ({ confidence: 'certain', reason: 'it is a test' }),
    reader: {
      yields: torsh().reader!.yields,
      open: async (_, { report }) => {
        report({ severity: 'note', code: 'odd', message: 'Something is odd.' });
        return whole;
      },
    },
  });

/** A target that keeps tensors only. */
const poor = (write: NonNullable<Format['writer']>['write'] = async () => undefined): Format =>
  stub('poor', {
    writer: {
      accepts: {
        dtypes: 'all',
        models: 'many',
        aliases: false,
        resources: false,
        metadata: [],
        modelMetadata: true,
      },
      layout: 'file',
      suffix: '.poor',
      write,
    },
  });

function output(sink: FileTreeSink = toFiles()) {
  let opened = 0;
  return {
    name: 'out.torsh',
    open: async () => {
      opened++;
      return sink;
    },
    opened: () => opened,
  };
}

const options = (to: Format, more: Partial<ConvertOptions> = {}): ConvertOptions => ({
  formats: [reads()],
  platform,
  to,
  ...more,
});

describe('convert', () => {
  it('writes, reports, and records where it came from', async () => {
    const files = toFiles();
    const [issues, progressed]: [Issue[], Progress[]] = [[], []];
    const report = await convert(inputOf('x'), output(files), {
      ...options(torsh(), { converter: 'test 1.0' }),
      report: (issue) => issues.push(issue),
      progress: (progress) => progressed.push(progress),
    });
    expect(report).toMatchObject({
      written: true,
      from: 'test',
      to: 'torsh',
      tensors: 4,
      bytes: 47,
      lossless: true,
    });
    expect(codes(report.issues)).toEqual(['note odd']);
    expect(issues).toEqual(report.issues);
    expect(progressed.at(-1)).toMatchObject({ stage: 'writing', done: progressed.at(-1)!.total });
    const bytes = files.files().get('out.torsh')!;
    const written = await openTorsh(bytes);
    expect(written.metadata.provenance).toEqual({
      source: { format: 'test' },
      converter: 'test 1.0',
      issues: [{ severity: 'note', code: 'odd', message: 'Something is odd.' }],
    });
    expect(await compare(written, smallArchive(), { formats: [], platform })).toEqual([]);
    expect(await verify(inputOf(bytes), { formats: [torsh()], platform })).toMatchObject({ damages: [] });
  });

  it('keeps the first provenance when it converts again', async () => {
    const files = toFiles();
    await convert(inputOf('x'), output(files), options(torsh(), { converter: 'first' }));
    const first = files.files().get('out.torsh')!;
    const again = toFiles();
    await convert(inputOf(first), output(again), {
      formats: [torsh()],
      platform,
      to: torsh(),
      converter: 'second',
    });
    expect(again.files().get('out.torsh')).toEqual(first);
  });

  it('refuses loss without creating anything', async () => {
    const place = output();
    const report = await convert(inputOf('x'), place, options(poor()));
    expect(report).toMatchObject({ written: false, lossless: false });
    expect(codes(report.issues)).toEqual([
      'note odd',
      'loss aliases',
      'loss resources',
      'note metadata',
      'loss metadata',
    ]);
    expect(place.opened()).toBe(0);
  });

  it('writes with loss where that is allowed', async () => {
    const place = output();
    expect(await convert(inputOf('x'), place, options(poor(), { allowLoss: true }))).toMatchObject({
      written: true,
      lossless: false,
    });
    expect(place.opened()).toBe(1);
  });

  it('never writes what is impossible', async () => {
    const place = output();
    const bad = reads(archive('test', { models: [model([tensor('__metadata__')])] }));
    const report = await convert(inputOf('x'), place, {
      ...options(torsh(), { allowLoss: true }),
      formats: [bad],
    });
    expect(report).toMatchObject({ written: false });
    expect(codes(report.issues)).toContain('blocker tensor');
    expect(place.opened()).toBe(0);
  });

  it('selects tensors, says so, and refuses to select none', async () => {
    const chosen = await convert(inputOf('x'), output(), options(torsh(), { select: ['second:*', 'q'] }));
    expect(chosen).toMatchObject({ written: true, tensors: 2 });
    expect(codes(chosen.issues)).toEqual(['note odd', 'note selected']);
    const place = output();
    await expect(convert(inputOf('x'), place, options(torsh(), { select: ['zzz'] }))).rejects.toMatchObject({
      code: 'not-found',
    });
    expect(place.opened()).toBe(0);
  });

  it('renames what was selected, and says so', async () => {
    const wishes = { select: ['q', 'second:*'], rename: [{ from: 'q', to: 'quantised' }] };
    const { issues } = await convert(inputOf('x'), output(), options(torsh(), wishes));
    expect(codes(issues)).toEqual(['note odd', 'note selected', 'note renamed']);
    const place = output();
    const wrong = { ...wishes, rename: [{ from: 'a.*', to: '*' }] };
    await expect(convert(inputOf('x'), place, options(torsh(), wrong))).rejects.toThrow(RequestError);
    expect(place.opened()).toBe(0);
  });

  it('aborts the sink with the error of a writer, and lets it through', async () => {
    const error = new Error('no');
    const aborted: unknown[] = [];
    const sink: FileTreeSink = {
      create: () => Promise.reject(new Error('unused')),
      close: () => Promise.reject(new Error('closed')),
      // Cleaning up fails too: the first error is the one to tell.
      abort: async (reason) => {
        aborted.push(reason);
        throw new Error('cannot clean up');
      },
    };
    const failing = options(
      poor(() => Promise.reject(error)),
      { allowLoss: true },
    );
    await expect(convert(inputOf('x'), output(sink), failing)).rejects.toBe(error);
    expect(aborted).toEqual([error]);
  });

  it('aborts the sink when it cannot be closed', async () => {
    const error = new Error('rename failed');
    let aborted: unknown;
    const sink = {
      ...toFiles(),
      close: () => Promise.reject(error),
      abort: async (reason: unknown) => {
        aborted = reason;
      },
    };
    await expect(convert(inputOf('x'), output(sink), options(torsh()))).rejects.toBe(error);
    expect(aborted).toBe(error);
  });

  it('does not close what was aborted, even after the last byte', async () => {
    const controller = new AbortController();
    const reason = { enough: true };
    const files = toFiles();
    const slow = poor(async () => controller.abort(reason));
    const converting = convert(
      inputOf('x'),
      output(files),
      options(slow, { allowLoss: true, signal: controller.signal }),
    );
    await expect(converting).rejects.toBe(reason);
  });

  it('an abort while it copies leaves nothing', async () => {
    const controller = new AbortController();
    const reason = { enough: true };
    const files = toFiles();
    const converting = convert(inputOf('x'), output(files), {
      ...options(torsh(), { signal: controller.signal }),
      progress: () => controller.abort(reason),
    });
    await expect(converting).rejects.toBe(reason);
    expect(files.files().size).toBe(0);
  });
});

describe('open', () => {
  it('finds the format, or believes what it is told', async () => {
    const bytes = await torshBytes(archive('t', { resources: [resource('a', 'x')] }));
    const both = { formats: [torsh(), reads()], platform };
    await expect(open(inputOf(bytes), both)).rejects.toMatchObject({ code: 'ambiguous' });
    expect((await open(inputOf(bytes), { ...both, from: 'torsh' })).origin).toBe('torsh');
    await expect(open(inputOf(bytes), { ...both, from: 'onnx' })).rejects.toMatchObject({
      code: 'unsupported',
    });
    await expect(open(inputOf('x'), { formats: [stub('w')], platform, from: 'w' })).rejects.toMatchObject({
      code: 'unsupported',
      format: 'w',
    });
  });

  it('names format and file in what goes wrong inside', async () => {
    await expect(
      open(inputOf('x', 'dir/a.torsh'), { formats: [torsh()], platform, from: 'torsh' }),
    ).rejects.toMatchObject({
      format: 'torsh',
      path: 'dir/a.torsh',
      code: 'truncated',
    });
  });
});
