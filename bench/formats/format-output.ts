import { join, resolve } from 'node:path';
import { nearestName } from '../../core/base/nearest-name.ts';
import { writeFileAtomically } from '../../reports/atomic-file.ts';
import type { FormatSource } from '../../reports/formats/format.ts';
import {
  FORMAT_NAMES,
  FORMAT_SUMMARIES,
  type FormatName,
  isFormatName,
} from '../../reports/formats/format-names.ts';
import { CliError, reasonOf, usageError } from '../cli-error.ts';
import type { CliIo } from '../commands/cli-io.ts';
import { EXIT } from '../exit-codes.ts';
import { writeOut } from '../write-out.ts';

/** Reads `--format`'s value. Throws a RangeError with the nearest name. */
export function parseFormatName(text: string): FormatName {
  if (isFormatName(text)) return text;
  const nearest = nearestName(text, FORMAT_NAMES);
  const hint = nearest === null ? '' : `did you mean ${nearest}? `;
  throw new RangeError(`got '${text}': ${hint}formats are ${FORMAT_NAMES.join(', ')}`);
}

/** For --help: the formats, a line each. */
export function formatsHelp(): string {
  const width = Math.max(...FORMAT_NAMES.map((name) => name.length));
  const lines = FORMAT_NAMES.map((name) => `  ${name.padEnd(width)}  ${FORMAT_SUMMARIES[name]}`);
  return `\nFormats:\n${lines.join('\n')}`;
}

/** Both write to stdout. */
export function refuseFormatWithJson(format: FormatName | null, json: boolean): void {
  if (format !== null && json) {
    throw usageError(`--format ${format} and --json exclude each other: stdout holds one of them`);
  }
}

/** Better known before a minute of measuring than after it. */
export async function refuseUnfitFormat(format: FormatName, kind: FormatSource['kind']): Promise<void> {
  const { FORMATS } = await import('../../reports/formats/registry.ts');
  const { of } = await FORMATS[format]();
  if (of.includes(kind)) return;
  throw usageError(`--format ${format} describes a ${of.join(' or a ')}, and this is a ${kind}`);
}

export interface FormatOutput {
  readonly format: FormatName;
  readonly source: FormatSource;
  /** Where files beside the first go, as the user sees it; null when what is described has no directory. */
  readonly directory: string | null;
  /** Instead of stdout; null: stdout. */
  readonly out: string | null;
}

/**
 * Writes a format to stdout, or to a file. A format of several files writes all of them into the directory as well;
 * without a directory, those beside the first go beside --out. Exit 2 where the format does not fit.
 */
export async function writeFormat(
  io: CliIo,
  { format, source, directory, out }: FormatOutput,
): Promise<void> {
  const { renderFormat } = await import('../../reports/formats/registry.ts');
  let files: Awaited<ReturnType<typeof renderFormat>>;
  try {
    files = await renderFormat(format, source);
  } catch (error) {
    throw usageError(reasonOf(error));
  }
  const [first, ...others] = files;
  const writeBeside = (path: string, text: string): void => {
    try {
      writeFileAtomically(resolve(io.workingDirectory, path), text);
      io.stderr.write(`Written: ${path}\n`);
    } catch (error) {
      throw new CliError(reasonOf(error), EXIT.failed, error);
    }
  };
  // What a reader waits for goes first: the others must not keep it back.
  if (out === null) io.stdout.write(first.text);
  else writeOut(io, out, first.text);
  if (others.length === 0) return;
  const beside = directory ?? (out === null ? null : join(out, '..'));
  if (beside !== null) {
    for (const { fileName, text } of directory === null ? others : files)
      writeBeside(join(beside, fileName), text);
    return;
  }
  const names = others.map(({ fileName }) => fileName).join(', ');
  io.stderr.write(`tidemark: ${format} has more files (${names}): --out FILE writes them beside FILE\n`);
}
