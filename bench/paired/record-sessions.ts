import { resolve } from 'node:path';
import type { CliIo } from '../commands/cli-io.ts';
import { createRunDirectory } from '../run/run-directory.ts';
import type { PreparedSides } from './prepare-sides.ts';
import { pairedCommand } from './repeat-paired.ts';
import { SESSIONS_FILE, SessionJournal, type SessionsHeader } from './session-journal.ts';

export interface RecordingOptions {
  readonly io: CliIo;
  readonly kind: SessionsHeader['type'];
  /** The command line, without node and script. */
  readonly argv: readonly string[];
  readonly sides: Pick<PreparedSides, 'base' | 'candidate'>;
  readonly seed: number;
  /** ISO 8601. */
  readonly startedAt: string;
  /** null: a new one under runs/. */
  readonly out: string | null;
  readonly onNote: (text: string) => void;
}

export interface Recording {
  readonly journal: SessionJournal;
  readonly header: SessionsHeader;
  /** As the user sees it. */
  readonly directory: string;
  /** Absolute. */
  readonly path: string;
}

/** Makes the directory, begins its sessions.ndjson, and hands both to `measure`. What fails tells where its sessions are. */
export async function recordSessions<T>(
  options: RecordingOptions,
  measure: (recording: Recording) => Promise<T>,
): Promise<T> {
  const { io, kind, argv, sides, seed, startedAt, out, onNote } = options;
  const directory = createRunDirectory(out, kind, io.workingDirectory);
  const path = resolve(io.workingDirectory, directory);
  const { base, candidate } = sides;
  const header: SessionsHeader = {
    type: kind,
    command: pairedCommand({ argv, seed, env: io.env, sides }),
    startedAt,
    seed,
    base: { label: base.label, description: base.description },
    candidate: { label: candidate.label, description: candidate.description },
  };
  const journal = new SessionJournal(path, header);
  try {
    return await measure({ journal, header, directory, path });
  } catch (error) {
    if (journal.sessions > 0) onNote(`what was measured stands in ${directory}/${SESSIONS_FILE}`);
    throw error;
  } finally {
    journal.close();
  }
}
