import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { CheckedSide } from '../../reports/check/check-result.ts';
import { CliError, reasonOf } from '../cli-error.ts';
import type { SessionResult } from '../duet/session.ts';
import { EXIT } from '../exit-codes.ts';

export const SESSIONS_FILE = 'sessions.ndjson';

/** The first line: what was measured. */
export interface SessionsHeader {
  readonly type: 'check' | 'compare';
  readonly command: string;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly seed: number;
  readonly base: CheckedSide;
  readonly candidate: CheckedSide;
}

/** sessions.ndjson: what was measured, then a line per session, each on the disk before the next begins. */
export class SessionJournal {
  readonly #file: number;
  /** That it holds. */
  sessions = 0;

  constructor(directory: string, header: SessionsHeader) {
    this.#file = openSync(join(directory, SESSIONS_FILE), 'wx');
    this.#append(header);
  }

  append(number: number, session: SessionResult): void {
    this.#append({ type: 'session', number, ...session });
    this.sessions++;
  }

  close(): void {
    closeSync(this.#file);
  }

  #append(line: object): void {
    const bytes = Buffer.from(`${JSON.stringify(line)}\n`);
    try {
      for (let written = 0; written < bytes.length; ) written += writeSync(this.#file, bytes, written);
      fsyncSync(this.#file);
    } catch (error) {
      throw new CliError(`${SESSIONS_FILE} cannot be written: ${reasonOf(error)}`, EXIT.failed, error);
    }
  }
}
