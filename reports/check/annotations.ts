import type { GateVerdict } from '../gates/gate-outcome.ts';
import type { CheckResult, CheckVerdict } from './check-result.ts';
import { checkSentence } from './check-sentence.ts';

type Level = 'error' | 'warning' | 'notice';

const LEVELS: Readonly<Record<CheckVerdict, Level>> = {
  regression: 'error',
  'minor slowdown': 'warning',
  inconclusive: 'warning',
  'no regression': 'notice',
  improvement: 'notice',
};

const GATE_LEVELS: Readonly<Record<GateVerdict, Level | null>> = {
  fail: 'error',
  inconclusive: 'warning',
  pass: null,
};

/** What GitHub shows at the top of a run: workflow commands, one per line, for the verdict and for each gate that did not pass. */
export function annotations(check: CheckResult): string {
  const verdict = command(LEVELS[check.verdict], `Tidemark: ${check.verdict}`, checkSentence(check));
  const gates = check.gates.flatMap(({ expression, verdict: outcome, message }) => {
    const level = GATE_LEVELS[outcome];
    return level === null ? [] : [command(level, `Tidemark: gate ${expression}`, message)];
  });
  return [verdict, ...gates].join('');
}

/** What GitHub shows of a check that came to none, and why. */
export function noVerdictAnnotation(reason: string): string {
  return command('error', 'Tidemark: no verdict', reason);
}

/** `::error title=...::message`, with what would end a part written as GitHub reads it (actions/toolkit: command.ts). */
function command(level: Level, title: string, message: string): string {
  const escapedTitle = escapeData(title).replace(/:/g, '%3A').replace(/,/g, '%2C');
  return `::${level} title=${escapedTitle}::${escapeData(message)}\n`;
}

function escapeData(text: string): string {
  return text.replace(/%/g, '%25').replace(/\r/g, '%0D').replace(/\n/g, '%0A');
}
