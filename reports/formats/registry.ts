import { TidemarkError } from '../../core/base/errors.ts';
import type { Format, FormatSource, RenderedFile } from './format.ts';
import type { FormatName } from './format-names.ts';

/** Loaded one by one: the libraries of one format are of no use to another. */
export const FORMATS: Readonly<Record<FormatName, () => Promise<Format>>> = {
  omb: async () => (await import('./omb.ts')).omb,
  'github-action-benchmark': async () => (await import('./github-action-benchmark.ts')).githubActionBenchmark,
  bencher: async () => (await import('./bencher.ts')).bencher,
  otava: async () => (await import('./otava.ts')).otava,
  benchstat: async () => (await import('./benchstat.ts')).benchstat,
  junit: async () => (await import('./junit.ts')).junit,
  markdown: async () => (await import('./markdown.ts')).markdown,
  prometheus: async () => (await import('./prometheus.ts')).prometheus,
  'perf-test': async () => (await import('./perf-test.ts')).perfTest,
};

/**
 * The files that a format makes of a run, a comparison or a check; the first is the one for stdout. Throws
 * TidemarkError `RESULT` where the format has nothing to say of it.
 */
export async function renderFormat(
  name: FormatName,
  source: FormatSource,
): Promise<readonly [RenderedFile, ...RenderedFile[]]> {
  const format = await FORMATS[name]();
  if (!format.of.includes(source.kind)) {
    throw new TidemarkError(
      'RESULT',
      `--format ${name} describes a ${format.of.join(' or a ')}, and this is a ${source.kind}`,
    );
  }
  const [first, ...others] = await format.render(source);
  if (first === undefined) {
    throw new TidemarkError('RESULT', `--format ${name}: nothing was measured that it could hold`);
  }
  return [first, ...others];
}
