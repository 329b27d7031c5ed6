import { countText, figureText, partitionsText } from '../number-text.ts';
import { type TextColumn, textTable } from '../terminal/text-table.ts';
import { withoutControls } from '../terminal/without-controls.ts';
import { wrapText } from '../terminal/wrap-text.ts';
import type { Disagreement, HotKey, LabResult, Moved, StrategyPlacement } from './lab-result.ts';
import { placementsAt } from './lab-result.ts';
import { disagreementSentence, fromTo, movedKeySentence } from './placement-sentences.ts';
import { shareText } from './share-text.ts';
import { barsOf, barText } from './skew-bars.ts';

export interface LabTextStyle {
  /** ANSI colours; the caller has looked at NO_COLOR and at the terminal. */
  readonly color: boolean;
  readonly width: number;
  /** Whether the terminal shows more than ASCII. */
  readonly unicode: boolean;
}

const MAX_WIDTH = 120;
const MIN_WIDTH = 40;
/** Room for the figures beside the bars. */
const FIGURES_WIDTH = 62;
const MOST_BARS = 48;
const LEAST_BARS = 12;
const MOST_KEY = 32;

/** What a person reads: skew, disagreement, what moves, the advice. Ends with a line feed. */
export function labText(lab: LabResult, style: LabTextStyle): string {
  const width = Math.max(MIN_WIDTH, Math.min(style.width, MAX_WIDTH));
  const bold = (text: string): string => (style.color ? `\u001b[1m${text}\u001b[0m` : text);
  const paragraphs = [
    wrapText(headline(lab), width),
    ...lab.partitions.map((partitions) => skewLines(lab, partitions, { ...style, width }, bold)),
    hotKeyLines(lab, width, bold),
    disagreementLines(lab, width, bold),
    movedLines(lab, width, bold),
    adviceLines(lab, width, bold),
  ];
  const text = paragraphs
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n');
  return `${style.unicode ? text : text.replaceAll('–', '-').replaceAll('…', '~')}\n`;
}

type Paint = (text: string) => string;

function headline({ records, keys, source, bytes, recordSizeBytes }: LabResult): string {
  const size = `${figureText(bytes / records)} bytes each (key and a value of ${countText(recordSizeBytes)})`;
  const [ofRecords, ofKeys] = [records === 1 ? 'record' : 'records', keys === 1 ? 'key' : 'keys'];
  return `${countText(records)} ${ofRecords} of ${countText(keys)} ${ofKeys} (${clean(source.name)}), ${size}`;
}

function skewLines(lab: LabResult, partitions: number, style: LabTextStyle, bold: Paint): string[] {
  const placements = placementsAt(lab, partitions);
  const most = Math.max(LEAST_BARS, Math.min(MOST_BARS, style.width - FIGURES_WIDTH));
  const bars = placements.map((one) => barsOf(one.recordsPerPartition, most));
  const highest = Math.max(...placements.map((one) => one.hottestPartition.records));
  const { isSorted } = bars[0]!;
  const texts = new Map(
    placements.map((one, index) => [one, barText(bars[index]!.heights, highest, style.unicode)]),
  );
  const columns: TextColumn<StrategyPlacement>[] = [
    { title: 'strategy', text: ({ name }) => cut(name), isNumber: false, importance: 0 },
    {
      title: isSorted ? 'fullest first' : 'by partition',
      text: (one) => texts.get(one)!,
      isNumber: false,
      importance: 1,
    },
    number('max/mean', 0, ({ maxOverMean }) => figureText(maxOverMean)),
    number('of bytes', 7, ({ bytesMaxOverMean }) => figureText(bytesMaxOverMean)),
    number('Gini', 3, ({ gini }) => gini.toFixed(3)),
    number('CV', 5, ({ coefficientOfVariation }) => coefficientOfVariation.toFixed(3)),
    number('fullest', 2, ({ hottestPartition }) => shareText(hottestPartition.share)),
    number('its top key', 4, ({ hottestPartition }) => {
      const top = hottestPartition.keys[0];
      return top === undefined ? '–' : shareText(top.share);
    }),
    ...(placements.some(({ emptyPartitions }) => emptyPartitions > 0)
      ? [number('empty', 6, ({ emptyPartitions }) => countText(emptyPartitions))]
      : []),
  ];
  return [bold(partitionsText(partitions)), ...textTable(placements, columns, style.width)];
}

function number(
  title: string,
  importance: number,
  text: (one: StrategyPlacement) => string,
): TextColumn<StrategyPlacement> {
  return { title, text, isNumber: true, importance };
}

const HOT_KEYS_SHOWN = 5;
const MOVES_SHOWN = 3;
/** A key is hot from so many times the records of the mean key on, or of a partition's even share. */
const HOT = 2;
const HOT_FOR_PARTITION = 1.25;

/** The same keys are hottest under every strategy; where they are is told for those that keep them together. */
function hotKeyLines(lab: LabResult, width: number, bold: Paint): string[] {
  const partitions = lab.partitions[0]!;
  const keyed = placementsAt(lab, partitions).filter(({ isKeyed }) => isKeyed);
  const rows = placementsAt(lab, partitions)[0]!.hottestKeys.slice(0, HOT_KEYS_SHOWN);
  const { share } = rows[0]!;
  if (share * lab.keys < HOT && (partitions === 1 || share * partitions < HOT_FOR_PARTITION)) {
    return wrapText(
      `No key stands out: the one with most records has ${countText(rows[0]!.records)}.`,
      width,
    );
  }
  const columns = [
    {
      title: 'key',
      text: ({ key }: { key: string }) => cut(key),
      isNumber: false,
      importance: 0,
    },
    {
      title: 'of records',
      text: ({ share }: { share: number }) => shareText(share),
      isNumber: true,
      importance: 0,
    },
    ...keyed.map((placement, index) => ({
      title: cut(placement.name),
      text: ({ key }: { key: string }) => placeText(placement.hottestKeys.find((one) => one.key === key)),
      isNumber: true,
      importance: index + 1,
    })),
  ];
  return [
    ...wrapText(
      `Hottest keys: their partitions of ${countText(partitions)}, and their share of its records`,
      width,
    ).map(bold),
    ...textTable(rows, columns, width),
  ];
}

/** `7 (64 %)`: the partition, and the key's share of the records in it. */
function placeText(hot: HotKey | undefined): string {
  if (hot === undefined || hot.partition === null || hot.shareOfPartition === null) return '–';
  return `${hot.partition} (${shareText(hot.shareOfPartition)})`;
}

function disagreementLines(lab: LabResult, width: number, bold: Paint): string[] {
  if (lab.disagreement.length === 0) return [];
  const first = lab.disagreement.filter(({ partitions }) => partitions === lab.partitions[0]);
  const at = (row: Disagreement, partitions: number): Disagreement =>
    lab.disagreement.find((one) => one.a === row.a && one.b === row.b && one.partitions === partitions) ??
    row;
  const columns: TextColumn<Disagreement>[] = [
    { title: '', text: ({ a, b }) => `${cut(a)}, ${cut(b)}`, isNumber: false, importance: 0 },
    ...lab.partitions.map((partitions, index) => ({
      title: `at ${countText(partitions)}`,
      text: (row: Disagreement) => shareText(at(row, partitions).share),
      isNumber: true,
      importance: index,
    })),
  ];
  const spoken = first.filter(({ a, b }) => a === 'java-murmur2' || b === 'java-murmur2');
  return [
    bold('Keys that two strategies place differently'),
    ...textTable(first, columns, width),
    ...spoken.flatMap((one) => wrapText(clean(disagreementSentence(lab, one)), width, '  ')),
  ];
}

function movedLines(lab: LabResult, width: number, bold: Paint): string[] {
  const pairs = lab.moved.filter(({ strategy }) => strategy === lab.moved[0]!.strategy);
  if (pairs.length === 0) return [];
  const rows = [...new Set(lab.moved.map(({ strategy }) => strategy))];
  const of = (strategy: string, pair: Moved): Moved | undefined =>
    lab.moved.find((one) => one.strategy === strategy && one.from === pair.from && one.to === pair.to);
  const columns: TextColumn<string>[] = [
    { title: 'strategy', text: cut, isNumber: false, importance: 0 },
    ...pairs.map((pair, index) => ({
      title: `${countText(pair.from)} to ${countText(pair.to)}`,
      text: (strategy: string) => {
        const move = of(strategy, pair);
        return move === undefined ? '–' : shareText(move.share);
      },
      isNumber: true,
      importance: index,
    })),
  ];
  const advised = lab.moved.filter(({ strategy }) => strategy === (lab.recommendation.strategy ?? rows[0]));
  const examples = advised.slice(0, MOVES_SHOWN).flatMap((move) => {
    const worst = move.examples[0];
    if (worst === undefined) return [];
    const shown = movedKeySentence({ ...worst, key: cut(worst.key) });
    return wrapText(`${cut(move.strategy)}, ${fromTo(move)}: ${shown}`, width, '  ');
  });
  return [
    ...wrapText('Keys that move with the number of partitions: their order can break', width).map(bold),
    ...textTable(rows, columns, width),
    ...examples,
  ];
}

function adviceLines({ recommendation }: LabResult, width: number, bold: Paint): string[] {
  const points = (texts: readonly string[]) => texts.flatMap((text) => wrapText(clean(text), width, '  - '));
  return [
    ...wrapText(clean(recommendation.advice), width).map(bold),
    ...points(recommendation.reasons),
    'What this does not know:',
    ...points(recommendation.limits),
  ];
}

/** Keys and paths are somebody's text: no control characters, and no more than a column of them. */
function cut(text: string): string {
  const shown = clean(text);
  return shown.length > MOST_KEY ? `${shown.slice(0, MOST_KEY - 1)}…` : shown;
}

function clean(text: string): string {
  return withoutControls(text);
}
