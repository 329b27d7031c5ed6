import { figureText, NO_FIGURE } from '../../reports/number-text.ts';
import type { Demand } from '../../reports/published/judged-ratio.ts';
import { textTable } from '../../reports/terminal/text-table.ts';
import type { Claim } from './paired-rounds.ts';

const MARKS: Readonly<Record<Claim['verdict'], string>> = {
  holds: 'holds',
  fails: 'FAILS',
  'not decided': 'NOT DECIDED',
};

/** A row per claim: its mean over the rounds with the 95 % interval, what was demanded of it, and what was published. */
export function claimTable(claims: readonly Claim[], width: number): string {
  return textTable(
    claims,
    [
      { title: 'ratio within rounds', text: ({ text }) => text, isNumber: false, importance: 0 },
      {
        title: 'mean',
        text: ({ estimate }) => figureText(estimate?.value ?? null),
        isNumber: true,
        importance: 0,
      },
      { title: '95 % interval', text: intervalText, isNumber: false, importance: 0 },
      { title: 'n', text: ({ estimate }) => String(estimate?.n ?? 0), isNumber: true, importance: 3 },
      { title: 'demanded', text: ({ demand }) => demandText(demand), isNumber: false, importance: 1 },
      { title: 'published', text: ({ published }) => published, isNumber: false, importance: 2 },
      { title: '', text: ({ verdict }) => MARKS[verdict], isNumber: false, importance: 0 },
    ],
    width,
  ).join('\n');
}

function intervalText({ estimate }: Claim): string {
  if (estimate === null || estimate.low === null || estimate.high === null) return NO_FIGURE;
  return `${figureText(estimate.low)} to ${figureText(estimate.high)}`;
}

function demandText({ kind, limit }: Demand): string {
  return kind === 'below' ? `all below ${limit}` : `all at least ${limit}`;
}
