import { metricDefinition } from '../../reports/check/check-metrics.ts';
import type { CheckMetricName, CheckVerdict } from '../../reports/check/check-result.ts';
import { type Criteria, decide } from '../../reports/check/decide.ts';
import type { Look } from '../../reports/check/looks.ts';
import { logRatiosOf } from '../../reports/check/summarize-sessions.ts';
import { CliError, usageError } from '../cli-error.ts';
import type { SessionResult } from '../duet/session.ts';
import { EXIT } from '../exit-codes.ts';

export interface RunSessionsOptions {
  /** The metric that decides. */
  readonly metric: CheckMetricName;
  readonly criteria: Criteria;
  readonly looks: readonly Look[];
  /** Measures session `number`, from 0. */
  readonly measure: (number: number) => Promise<SessionResult>;
  /** After each session, which is on the disk by the time that this returns; before the next begins. */
  readonly onSession: (sessions: readonly SessionResult[]) => void;
}

export interface DecidedSessions {
  readonly sessions: readonly SessionResult[];
  readonly verdict: CheckVerdict;
  /** The one that decided. */
  readonly look: Look;
}

/** Measures sessions until a look decides. A session that fails ends it all: without its records there is no verdict. */
export async function runSessions(options: RunSessionsOptions): Promise<DecidedSessions> {
  const { metric, criteria, looks, measure, onSession } = options;
  const sessions: SessionResult[] = [];
  for (;;) {
    sessions.push(await measure(sessions.length));
    onSession(sessions);
    const logRatios = logRatiosOf(sessions, metric);
    if (logRatios === null) throw cannotTell(metric, sessions.length);
    const decision = decide(logRatios, criteria, looks);
    if (decision.kind === 'decided') return { sessions, verdict: decision.verdict, look: decision.look };
  }
}

function cannotTell(metric: CheckMetricName, session: number): CliError {
  const { title } = metricDefinition(metric);
  if (session > 1) {
    return new CliError(`session ${session} has no ${title}, where those before it had`, EXIT.failed);
  }
  const instead = metric === 'cpuNsPerRecord' ? 'throughput' : 'cpu';
  return usageError(
    `a driver does not report ${title}, which this check is decided by: choose another metric, such as --metric ${instead}`,
  );
}
