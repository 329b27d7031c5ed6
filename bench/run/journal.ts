import { closeSync, fsyncSync, ftruncateSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { ProjectState } from '../../reports/figures/figure-set.ts';
import type { Environment, TrialResult } from '../../reports/result.ts';
import { JOURNAL_FILE } from '../../reports/result-schema.ts';
import { CliError, reasonOf, usageError } from '../cli-error.ts';
import { EXIT } from '../exit-codes.ts';
import type { Plan } from '../sweep/plan.ts';

const JOURNAL_FORMAT = 'tidemark.journal/1';
const NEWLINE = 0x0a;

/** The first line of a journal: what the run is, and where. */
export interface JournalHeader {
  readonly type: 'plan';
  readonly journal: typeof JOURNAL_FORMAT;
  /** Makes topic names unique. */
  readonly runId: string;
  readonly command: string;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly environment: Environment;
  /** Older journals have none. */
  readonly project?: ProjectState | undefined;
  readonly plan: Plan;
}

/** A line per finished trial. */
export interface JournalEntry {
  readonly type: 'trial';
  readonly result: TrialResult;
  /** The encoded latency histogram in base64; null when there is nothing in it. */
  readonly histogram: string | null;
}

/**
 * journal.ndjson: the plan, then a line per finished trial, each synced to the disk before the next trial begins.
 * Lines are only ever appended, so a run that was killed at any moment can go on from what is there.
 */
export class Journal {
  readonly header: JournalHeader;
  readonly entries: JournalEntry[];
  readonly #file: number;
  #sizeBytes: number;

  private constructor(file: number, header: JournalHeader, entries: JournalEntry[], sizeBytes: number) {
    this.#file = file;
    this.header = header;
    this.entries = entries;
    this.#sizeBytes = sizeBytes;
  }

  /**
   * Begins the journal of a new run in an existing directory. It gets its name once the plan is whole: a directory
   * either holds a run that can go on, or none.
   */
  static create(directory: string, header: Omit<JournalHeader, 'type' | 'journal'>): Journal {
    const whole: JournalHeader = { type: 'plan', journal: JOURNAL_FORMAT, ...header };
    const path = join(directory, JOURNAL_FILE);
    const file = openSync(`${path}.new`, 'wx+');
    const journal = new Journal(file, whole, [], 0);
    journal.#appendLine(whole);
    renameSync(`${path}.new`, path);
    return journal;
  }

  /** Goes on with a journal; a last line that was cut off is taken away. Exit 2 when it is no journal. */
  static reopen(directory: string): Journal {
    const { header, entries, wholeBytes } = readJournal(directory);
    const file = openSync(join(directory, JOURNAL_FILE), 'r+');
    ftruncateSync(file, wholeBytes);
    return new Journal(file, header, entries, wholeBytes);
  }

  /** Puts a finished trial on the disk. */
  append(entry: Omit<JournalEntry, 'type'>): void {
    const whole: JournalEntry = { type: 'trial', ...entry };
    this.#appendLine(whole);
    this.entries.push(whole);
  }

  close(): void {
    closeSync(this.#file);
  }

  #appendLine(line: JournalHeader | JournalEntry): void {
    const bytes = Buffer.from(`${JSON.stringify(line)}\n`);
    try {
      for (let written = 0; written < bytes.length; ) {
        written += writeSync(this.#file, bytes, written, bytes.length - written, this.#sizeBytes + written);
      }
      fsyncSync(this.#file);
      this.#sizeBytes += bytes.length;
    } catch (error) {
      // What is there stays whole, so that the run can be resumed once there is room.
      ftruncateSync(this.#file, this.#sizeBytes);
      throw new CliError(`${JOURNAL_FILE} cannot be written: ${reasonOf(error)}`, EXIT.failed, error);
    }
  }
}

interface JournalContent {
  readonly header: JournalHeader;
  readonly entries: JournalEntry[];
  /** Up to the end of the last whole line. */
  readonly wholeBytes: number;
}

/** Reads a journal without touching it. Exit 2 when there is none, or none that this version can read. */
export function readJournal(directory: string): JournalContent {
  const bytes = readWhole(directory);
  const lines: unknown[] = [];
  let wholeBytes = 0;
  for (let end = bytes.indexOf(NEWLINE); end !== -1; end = bytes.indexOf(NEWLINE, wholeBytes)) {
    const line = parseLine(bytes.toString('utf8', wholeBytes, end));
    if (line === undefined) {
      // A crash of the machine can leave a last line of the right length with the wrong content.
      if (bytes.indexOf(NEWLINE, end + 1) === -1) break;
      throw damagedLine(directory, lines.length + 1, 'JSON');
    }
    lines.push(line);
    wholeBytes = end + 1;
  }
  const [header, ...entries] = lines as [JournalHeader | undefined, ...JournalEntry[]];
  if (header?.type !== 'plan') throw usageError(`${directory} holds no run: its ${JOURNAL_FILE} has no plan`);
  if (header.journal !== JOURNAL_FORMAT) {
    throw usageError(
      `${directory}: ${JOURNAL_FILE} is of format ${header.journal}, expected ${JOURNAL_FORMAT}`,
    );
  }
  const { trials } = header.plan ?? {};
  if (!Array.isArray(trials) || trials.length === 0) throw damagedLine(directory, 1, 'a plan with trials');
  refuseForeignTrials(directory, header, entries);
  return { header, entries: entries.filter((entry) => entry.type === 'trial'), wholeBytes };
}

/** What was put in or copied by hand: a trial that the plan does not have, or has only once. */
function refuseForeignTrials(
  directory: string,
  { plan }: JournalHeader,
  entries: readonly JournalEntry[],
): void {
  const left = new Set(plan.trials.map(({ id }) => id));
  for (const [index, { type, result, histogram }] of entries.entries()) {
    if (type !== 'trial') continue;
    const isWhole = typeof histogram === 'string' || histogram === null;
    if (!isWhole || !left.delete(result?.id)) {
      throw damagedLine(directory, index + 2, 'a trial of the plan that is not above');
    }
  }
}

function damagedLine(directory: string, line: number, expected: string): CliError {
  return usageError(`${join(directory, JOURNAL_FILE)}:${line}: this line is damaged, expected ${expected}`);
}

function readWhole(directory: string): Buffer {
  try {
    return readFileSync(join(directory, JOURNAL_FILE));
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    throw usageError(
      `${directory} holds no run: ${isMissing ? `there is no ${JOURNAL_FILE}` : reasonOf(error)}`,
    );
  }
}

function parseLine(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
