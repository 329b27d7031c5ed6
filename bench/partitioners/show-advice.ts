import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { measuredAdviceText } from '../../reports/lab/measured-advice-text.ts';
import { LAB_PAGE, readLab } from '../../reports/lab/read-lab.ts';
import { levelsOf } from '../../reports/levels/levels.ts';
import { RESULT_FILE, readResult } from '../../reports/result-schema.ts';
import { histogramsInDirectory } from '../../reports/trial-histograms.ts';
import type { CliIo } from '../commands/cli-io.ts';

/** What a finished run under load advises, on `out`, and where its page is. Nothing where there are no figures. */
export function showAdvice(
  io: CliIo,
  directory: string,
  out: Pick<CliIo['stderr'], 'write' | 'columns'>,
): void {
  const path = resolve(io.workingDirectory, directory);
  if (!existsSync(join(path, RESULT_FILE))) return;
  const result = readResult(path);
  const lab = readLab(path);
  if (lab === null || result.trials.length === 0) return;
  const table = levelsOf(result, histogramsInDirectory(path));
  out.write(measuredAdviceText(lab, { result, table }, out.columns));
  out.write(`\nPage: ${join(directory, LAB_PAGE)}\n`);
}
