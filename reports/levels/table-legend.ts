import { countText, percentText } from '../number-text.ts';
import { columnsFor } from './level-columns.ts';
import type { ComparedFigure } from './level-comparisons.ts';
import type { Level } from './levels.ts';
import { detectableOf, isComparedByRounds } from './likeness.ts';

/** What the marks of a table mean, as far as they occur in it. */
export function tableLegend(levels: readonly Level[]): string[] {
  const lines: string[] = [];
  lines.push(phasesText(levels));
  lines.push(...likenessLines(levels));
  if (levels.some((level) => isPercentileMissing(level, levels))) {
    lines.push('– fewer than ten requests lie beyond that percentile; longer phases (--duration) show it.');
  }
  if (levels.some((level) => level.overloaded)) {
    lines.push(
      'overloaded: the level could not carry that rate; its latency grows with the length of the phase.',
    );
  }
  if (levels.some(isForgotten)) {
    lines.push('send: forget asks for no callback, so there is no latency.');
  }
  if (levels.some((level) => level.isLocalWrite && !isForgotten(level))) {
    lines.push('local write: with acks=0 nothing is acknowledged, latency ends when the request is written.');
  }
  if (
    levels.some(
      (level) => level.latency !== null && level.latencyFrom === 'middle repeat' && level.trials.length > 1,
    )
  ) {
    lines.push(
      'Latency of repeated levels is that of the middle repeat by p99 (histograms were not at hand to be merged).',
    );
  }
  return lines;
}

/** A tail that no level reaches has no column either. */
function isPercentileMissing({ latency }: Level, levels: readonly Level[]): boolean {
  if (latency === null || latency.count === 0) return false;
  const isTailShown = columnsFor(levels).some(({ name }) => name === 'p99.9 ms');
  return [latency.p50, latency.p95, latency.p99, ...(isTailShown ? [latency.p999] : [])].includes(null);
}

/** Which phase which figure comes from. */
function phasesText(levels: readonly Level[]): string {
  const paceds = [...new Set(levels.map(({ pacedRate }) => pacedRate).filter((one) => one !== null))];
  const rate = paceds[0] ?? null;
  const isSaturated = levels.some((level) => level.recordsPerSecond !== null);
  // Where partitions or the rate are varied.
  const paced =
    paceds.length > 1
      ? `latency and requests at a rate of its own for each level, ${countText(Math.min(...paceds))} to ${countText(Math.max(...paceds))} records/s`
      : `latency and requests at ${countText(rate)} records/s`;
  if (rate === null) {
    const rates = 'records/s and MB/s at saturation. 1 MB is 10^6 bytes.';
    const isMeasured = levels.some((level) => level.latencyKind === 'service' && level.latency !== null);
    return isMeasured ? `${rates} Latency there, from send() on, is mostly time in the queue.` : rates;
  }
  return isSaturated
    ? `records/s and MB/s at saturation; ${paced}. 1 MB is 10^6 bytes.`
    : `All records at ${paceds.length > 1 ? 'fixed rates' : 'one rate'}: ${paced}.`;
}

function isForgotten({ trials }: Level): boolean {
  return trials.some((trial) => trial.sendForm === 'forget');
}

/** `~`: how it was decided; empty where nothing could be. */
export function likenessLines(levels: readonly Level[]): string[] {
  if (isComparedByRounds(levels)) {
    return [
      '~ not shown to differ from the base, within rounds (Dunnett, 5 % for the levels of a factor together).',
      'seen from: a difference that large would have been found four times in five. ± is half of a 95 % interval over the trials.',
    ];
  }
  const isAnyCompared = levels.some((level) => !level.isBase && level.trials.length > level.failed);
  const isRepeated = levels.some((level) => level.isBase && level.trials.length - level.failed > 1);
  return isRepeated && isAnyCompared
    ? ["~ differs from the base by no more than the base's repeats differ among themselves."]
    : [];
}

const SEEN: readonly (readonly [figure: ComparedFigure, name: string])[] = [
  ['recordsPerSecond', 'records/s'],
  ['latencyP99Ms', 'p99'],
];

/** What the comparisons of a factor could see: `seen from 3.4 % in records/s, 12 % in p99`; null with one round. */
export function seenFromText(levels: readonly Level[]): string | null {
  const parts = SEEN.flatMap(([figure, name]) => {
    const detectable = detectableOf(levels, figure);
    return detectable === null ? [] : [`${percentText(detectable)} in ${name}`];
  });
  return parts.length === 0 ? null : `seen from ${parts.join(', ')}`;
}
