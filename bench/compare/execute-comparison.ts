import { resolve } from 'node:path';
import { writeFileAtomically } from '../../reports/atomic-file.ts';
import { compareSessions } from '../../reports/compare/compare-sessions.ts';
import { COMPARISON_SCHEMA, type ComparisonResult } from '../../reports/compare/comparison-result.ts';
import { COMPARISON_FILE } from '../../reports/compare/read-comparison.ts';
import { changeText } from '../../reports/number-text.ts';
import type { CliIo } from '../commands/cli-io.ts';
import type { SessionResult } from '../duet/session.ts';
import { gatherEnvironment } from '../environment.ts';
import { drawSeed } from '../paired/load-options.ts';
import { pairedFailure } from '../paired/paired-failure.ts';
import { openPairedTarget } from '../paired/paired-target.ts';
import { type PreparedSides, type PrepareSides, prepareSides } from '../paired/prepare-sides.ts';
import { type Recording, recordSessions } from '../paired/record-sessions.ts';
import { projectState } from '../project-state.ts';
import type { CompareOptions } from './compare-options.ts';

export interface CompareInvocation {
  readonly io: CliIo;
  /** The command line, without node and script. */
  readonly argv: readonly string[];
  readonly options: CompareOptions;
  readonly quiet: boolean;
  readonly signal: AbortSignal;
  /** Replaced by tests. */
  readonly seams?: Partial<CompareSeams>;
}

/** What a comparison stands on outside of itself. */
export interface CompareSeams {
  readonly prepareSides: PrepareSides;
  readonly openTarget: typeof openPairedTarget;
}

export interface ExecutedComparison {
  readonly result: ComparisonResult;
  /** As the user sees it. */
  readonly directory: string;
}

/**
 * Measures two things in turns, now, and writes comparison.json; each session is on the disk before the next begins.
 * Rejects with a CliError: exit 2 for bad input; 4 where a side does not build or start or the target is not there; 3
 * where one fails or its records do not add up; 130 on abort. What was measured until then is no comparison.
 */
export async function executeComparison(invocation: CompareInvocation): Promise<ExecutedComparison> {
  try {
    return await compareNow(invocation);
  } catch (error) {
    throw pairedFailure(error, invocation.signal, 'comparison');
  }
}

interface Progress {
  readonly say: (text: string) => void;
  /** Said, and kept beside the figures. */
  readonly notes: readonly string[];
}

async function compareNow(invocation: CompareInvocation): Promise<ExecutedComparison> {
  const { io, argv, options, quiet, signal, seams } = invocation;
  const notes: string[] = [];
  const say = quiet ? () => {} : (text: string): void => io.stderr.write(`${text}\n`);
  const note = (text: string): void => {
    notes.push(text);
    say(text);
  };
  const seed = options.seed ?? drawSeed();
  const startedAt = new Date().toISOString();
  const prepare = seams?.prepareSides ?? prepareSides;
  const sides = await prepare(options, { workingDirectory: io.workingDirectory, onNote: note, signal });
  try {
    return await recordSessions(
      { io, argv, sides, seed, startedAt, kind: 'compare', out: options.out, onNote: say },
      (recording) => measureAndWrite({ invocation, sides, recording }, { say, notes }),
    );
  } finally {
    await sides.release();
  }
}

interface Measuring {
  readonly invocation: CompareInvocation;
  readonly sides: PreparedSides;
  readonly recording: Recording;
}

async function measureAndWrite(measuring: Measuring, progress: Progress): Promise<ExecutedComparison> {
  const { invocation, recording } = measuring;
  const { io } = invocation;
  const { directory, path, header } = recording;
  const { type: _, ...common } = header;
  const sessions = await measureSessions(measuring, progress);
  const { rows, notes } = compareSessions({
    base: header.base.label,
    candidate: header.candidate.label,
    sessions,
    notes: progress.notes,
  });
  const result: ComparisonResult = {
    schema: COMPARISON_SCHEMA,
    ...common,
    rows,
    sessions: sessions.length,
    seconds: sessions.reduce((sum, { seconds }) => sum + seconds, 0),
    environment: gatherEnvironment(),
    project: projectState(io.workingDirectory, io.env),
    notes,
  };
  writeFileAtomically(resolve(path, COMPARISON_FILE), `${JSON.stringify(result, null, 2)}\n`);
  return { result, directory };
}

async function measureSessions(
  { invocation, sides, recording }: Measuring,
  { say }: Progress,
): Promise<SessionResult[]> {
  const { options, signal, seams } = invocation;
  const where = options.bootstrapServers ?? 'the embedded cluster';
  say(`compare: ${sides.candidate.label} against ${sides.base.label} on ${where}`);
  const open = seams?.openTarget ?? openPairedTarget;
  const target = await open(sides, { ...options, seed: recording.header.seed, signal });
  try {
    const sessions: SessionResult[] = [];
    while (sessions.length < options.sessions) {
      signal.throwIfAborted();
      const session = await target.measure(sessions.length);
      recording.journal.append(sessions.length, session);
      sessions.push(session);
      say(`session ${sessions.length} of ${options.sessions}  ${sessionText(session)}`);
    }
    return sessions;
  } finally {
    await target.close();
  }
}

function sessionText({ logRatios, seconds }: SessionResult): string {
  const { cpuNsPerRecord, recordsPerSecond } = logRatios;
  const cpu = cpuNsPerRecord === null ? [] : [`CPU per record ${changeText(Math.exp(cpuNsPerRecord))}`];
  const rate = recordsPerSecond === null ? [] : [`throughput ${changeText(Math.exp(recordsPerSecond))}`];
  return [...cpu, ...rate, `${seconds.toFixed(1)} s`].join('  ');
}
