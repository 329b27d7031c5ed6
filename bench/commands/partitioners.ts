import { resolve } from 'node:path';
import { Command, Option } from 'commander';
import { withoutControls } from '../../reports/terminal/without-controls.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { parsePath, parseSizeBytes, parseTopicName } from '../option-values.ts';
import { MAX_RECORDS } from '../partitioners/key-distribution.ts';
import {
  type LabOptions,
  labSettings,
  parseKeyEncoding,
  parsePartitionCounts,
} from '../partitioners/lab-options.ts';
import { addLoadOptions, isUnderLoad, type LoadOptions, runUnderLoad } from '../partitioners/under-load.ts';
import { argument, count, repeatable, SEED } from './arguments.ts';
import type { CliIo } from './cli-io.ts';

const MAX_RECORD_BYTES = 1 << 30;
const EXAMPLES = `
A file of keys has one key per line; a repeated line is another record of its key, and an empty line is a record without
a key, which is left out. '-' reads the standard input:
  $ kcat -b kafka-1:9092 -t orders -C -e -q -f '%k\\n' | tidemark partitioners --keys -

Without a file, --key-distribution makes the keys user-0, user-1, ... with the records each is expected to have, rounded
(no draw): zipf:EXPONENT:KEYS or uniform:KEYS.

A module exports { partition(topic, key, value, cluster) } as its default (docs/producer.md, Partitioners).

Examples:
  $ tidemark partitioners --keys keys.txt --partitions 12
  $ tidemark partitioners --key-distribution zipf:1.1:100000 --partitions 12,24 --out lab
  $ tidemark partitioners --keys keys.txt --partitions 12,16 --partitioner ./mine.ts --json

Under load:
  $ tidemark partitioners --load --partitions 12,48 --rates 30%,70% --partitioner ./mine.ts --out load
  $ tidemark partitioners --load --keys keys.txt --repeats 5
The run directory has partitioners.html: what was measured, where those keys land, and what to choose.`;

/** `tidemark partitioners`: `done` gets the exit code. */
export function createCommand(io: CliIo, argv: readonly string[], done: (code: ExitCode) => void): Command {
  const command = new Command('partitioners')
    .description('where your keys land under each partitioner, and what moves with the number of partitions')
    .option('--keys <file>', 'one key per line', argument(parsePath))
    .option(
      '--key-encoding <name>',
      'of the file: utf8, hex or base64 (default: utf8)',
      argument(parseKeyEncoding),
    )
    .option('--key-distribution <law>', 'zipf:EXPONENT:KEYS or uniform:KEYS')
    .option(
      '--records <n>',
      'of a distribution (default: 10 per key, at least 1000000)',
      count(1, MAX_RECORDS),
    )
    .addOption(
      new Option('--partitions <n,...>', 'numbers of partitions, in the order of a change')
        .argParser(argument(parsePartitionCounts))
        .default([12], '12'),
    )
    .option(
      '--record-size <bytes>',
      "of a value; a record's bytes are its key's and these",
      argument((text) => parseSizeBytes(text, MAX_RECORD_BYTES)),
      100,
    )
    .option(
      '--partitioner <file>',
      'a module of your own beside the others (repeatable)',
      repeatable(parsePath),
    )
    .option('--topic <name>', 'as modules see it', argument(parseTopicName), 'topic')
    .option('--seed <n>', 'of the random strategy', SEED, 1)
    .option(
      '--out <dir>',
      'write partitioners.html, partitioners.json and partitioners.csv there',
      argument(parsePath),
    )
    .option('--json', 'print as JSON')
    .option('--no-color', 'no colors (also when NO_COLOR is set)');
  return addLoadOptions(command)
    .addHelpText('after', EXAMPLES)
    .action(async (options: LabOptions & LoadOptions) => {
      if (isUnderLoad(command, options)) {
        const isGiven = (name: string): boolean => command.getOptionValueSource(name) === 'cli';
        done(await runUnderLoad({ io, argv, options, isGiven }));
        return;
      }
      await compare(io, options);
      done(EXIT.ok);
    });
}

async function compare(io: CliIo, options: LabOptions): Promise<void> {
  const settings = labSettings(options, io.workingDirectory);
  const { runLab } = await import('../partitioners/run-lab.ts');
  const lab = await runLab(settings);
  if (options.out !== undefined) {
    const { writeLabFiles } = await import('../partitioners/lab-files.ts');
    await writeLabFiles(resolve(io.workingDirectory, options.out), lab);
  }
  for (const note of lab.notes) io.stderr.write(`tidemark: ${withoutControls(note)}\n`);
  if (options.json) {
    const { labJson } = await import('../../reports/lab/lab-json.ts');
    for (const piece of labJson(lab)) io.stdout.write(piece);
  } else {
    const { labText } = await import('../../reports/lab/lab-terminal.ts');
    const color = io.stdout.isTerminal && options.color && (io.env['NO_COLOR'] ?? '') === '';
    io.stdout.write(labText(lab, { color, width: io.stdout.columns, unicode: showsUnicode(io.env) }));
  }
  if (options.out !== undefined) io.stderr.write(`Reports written: ${options.out}\n`);
}

/** A locale that is set and is not UTF-8 means ASCII; one that is not set says nothing (containers). */
function showsUnicode(env: CliIo['env']): boolean {
  const locale = [env['LC_ALL'], env['LC_CTYPE'], env['LANG']].find((value) => (value ?? '') !== '');
  return locale === undefined || /utf-?8/i.test(locale);
}
