import { create } from 'xmlbuilder2';
import { metricDefinition } from '../check/check-metrics.ts';
import { checkSentence } from '../check/check-sentence.ts';
import type { ComparisonRow } from '../compare/comparison.ts';
import type { FigureSet } from '../figures/figures.ts';
import { metricLabel } from '../figures/metrics.ts';
import type { GateOutcome } from '../gates/gate-outcome.ts';
import { changeText, figureText, pText, shortPercentText } from '../number-text.ts';
import type { CheckSource, ComparisonSource, Format, FormatSource, RunSource } from './format.ts';

type CaseOutcome =
  | { readonly kind: 'pass' }
  | { readonly kind: 'failure'; readonly message: string }
  | { readonly kind: 'error'; readonly message: string }
  /** Not decided: neither green nor red. */
  | { readonly kind: 'skipped'; readonly message: string };

interface Case {
  readonly name: string;
  readonly seconds: number | null;
  readonly outcome: CaseOutcome;
  /** For people who look at the case. */
  readonly output: string | null;
}

/**
 * JUnit XML, as CI servers read it: a case per gate, an error per failed trial. A run without gates has a case per
 * level, which passes when every record was found; a check has one for its verdict, a comparison one per figure.
 */
export const junit: Format = {
  of: ['run', 'comparison', 'check'],
  render: (source) => {
    const { figures } = source;
    const cases = [...gateCases(figures), ...ownCases(source), ...failureCases(figures)];
    return cases.length === 0 ? [] : [{ fileName: 'junit.xml', text: xmlOf(figures, cases) }];
  },
};

function gateCases({ gates }: FigureSet): Case[] {
  return gates.map((gate) => ({
    // Without the level nearest to breaching it, which its sentence names: CI servers follow a case by its name.
    name: gate.expression,
    seconds: null,
    outcome: gateOutcome(gate),
    output: gate.verdict === 'pass' ? gate.message : null,
  }));
}

function gateOutcome({ verdict, message }: GateOutcome): CaseOutcome {
  switch (verdict) {
    case 'pass':
      return { kind: 'pass' };
    case 'fail':
      return { kind: 'failure', message };
    case 'inconclusive':
      return { kind: 'skipped', message: `inconclusive: ${message}` };
  }
}

function ownCases(source: FormatSource): Case[] {
  switch (source.kind) {
    case 'run':
      return [
        ...(source.figures.gates.length > 0 ? [] : levelCases(source.figures)),
        ...interruptedCase(source),
      ];
    case 'comparison':
      return comparisonCases(source);
    case 'check':
      return [verdictCase(source)];
  }
}

function levelCases({ levels }: FigureSet): Case[] {
  return levels.map(({ name, verified, isGood, seconds }) => ({
    name: `${name} verified`,
    seconds,
    outcome: isGood ? { kind: 'pass' } : { kind: 'failure', message: `verified: ${verified}` },
    output: isGood ? `verified: ${verified}` : null,
  }));
}

/** What is missing must not look like what passed. */
function interruptedCase({ result: { interrupted }, figures: { verdict } }: RunSource): Case[] {
  if (!interrupted || verdict === null) return [];
  const outcome = { kind: 'error', message: verdict } as const;
  return [{ name: 'every trial measured', seconds: null, outcome, output: null }];
}

/** A comparison judges nothing: its cases pass and say what was found. */
function comparisonCases({ comparison: { rows } }: ComparisonSource): Case[] {
  return rows.map((row) => ({
    name: row.level === null ? metricLabel(row.metric) : `${metricLabel(row.metric)} (${row.level})`,
    seconds: null,
    outcome: { kind: 'pass' },
    output: comparedText(row),
  }));
}

/** `base 512, candidate 530, +3.5 % (+2.1 % to +4.9 %), p 0.008, n 8`; what is not known is left out. */
function comparedText({ base, candidate, change, low, high, p, n, significant }: ComparisonRow): string {
  const interval =
    low === null || high === null ? '' : ` (${changeText(1 + low)} to ${changeText(1 + high)})`;
  return [
    `base ${figureText(base)}`,
    `candidate ${figureText(candidate)}`,
    ...(change === null ? [] : [`${changeText(1 + change)}${interval}`]),
    ...(p === null ? [] : [`p ${pText(p)}`]),
    `n ${n}`,
    ...(significant ? [] : ['no difference shown']),
  ].join(', ');
}

function verdictCase({ check }: CheckSource): Case {
  const { verdict, metric, seconds, margin } = check;
  const message = checkSentence(check);
  const { title } = metricDefinition(metric);
  const base = { name: `no regression of ${title} above ${shortPercentText(margin)}`, seconds };
  switch (verdict) {
    case 'regression':
      return { ...base, outcome: { kind: 'failure', message }, output: null };
    case 'inconclusive':
      return { ...base, outcome: { kind: 'skipped', message }, output: null };
    case 'no regression':
    case 'minor slowdown':
    case 'improvement':
      return { ...base, outcome: { kind: 'pass' }, output: message };
  }
}

function failureCases({ failures }: FigureSet): Case[] {
  return failures.map(({ name, level, reason }) => ({
    name: level === null ? name : `${name} (${level})`,
    seconds: null,
    outcome: { kind: 'error', message: reason },
    output: null,
  }));
}

function xmlOf({ name, kind, at }: FigureSet, cases: readonly Case[]): string {
  const count = (wanted: CaseOutcome['kind']): number =>
    cases.filter(({ outcome }) => outcome.kind === wanted).length;
  const seconds = cases.reduce((sum, one) => sum + (one.seconds ?? 0), 0);
  const totals = {
    name: clean(`tidemark ${kind} ${name}`),
    tests: cases.length,
    failures: count('failure'),
    errors: count('error'),
    skipped: count('skipped'),
    time: seconds.toFixed(3),
  };
  const document = create({ version: '1.0', encoding: 'UTF-8' });
  // The schemas want a time without fractions and zone.
  const suite = document.ele('testsuites', { ...totals, skipped: undefined }).ele('testsuite', {
    ...totals,
    timestamp: at.slice(0, 19),
    hostname: 'localhost',
  });
  for (const { name: caseName, seconds: took, outcome, output } of cases) {
    const element = suite.ele('testcase', {
      name: clean(caseName),
      classname: clean(`tidemark.${name}`),
      time: (took ?? 0).toFixed(3),
    });
    if (outcome.kind !== 'pass') {
      const message = clean(outcome.message);
      // GitLab shows the text, others the attribute; what is skipped has the attribute alone by the schemas.
      if (outcome.kind === 'skipped') element.ele('skipped', { message });
      else element.ele(outcome.kind, { message, type: outcome.kind }).txt(message);
    }
    if (output !== null) element.ele('system-out').txt(clean(output));
  }
  return `${document.end({ prettyPrint: true })}\n`;
}

/** XML 1.0 has no place for most control characters, not even escaped. */
function clean(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out.
  return text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd').toWellFormed();
}
