import type { LabResult } from './lab-result.ts';

/**
 * The machine-readable form, in pieces: a million partitions under a dozen strategies are more than one string holds.
 * Together they are one JSON object, its arrays of figures on one line each.
 */
export function* labJson(lab: LabResult): Generator<string> {
  const { strategies, disagreement, moved, recommendation, notes, ...head } = lab;
  yield `${JSON.stringify(head, null, 2).slice(0, -2)},\n  "strategies": [`;
  let separator = '\n    ';
  for (const { recordsPerPartition, bytesPerPartition, ...figures } of strategies) {
    yield `${separator}${JSON.stringify(figures).slice(0, -1)}`;
    yield `,"recordsPerPartition":${arrayJson(recordsPerPartition)}`;
    yield `,"bytesPerPartition":${arrayJson(bytesPerPartition)}}`;
    separator = ',\n    ';
  }
  const tail = JSON.stringify({ disagreement, moved, recommendation, notes }, null, 2);
  yield `\n  ],\n${tail.slice(2)}\n`;
}

/** A typed array would become an object. */
function arrayJson(values: ArrayLike<number>): string {
  return JSON.stringify(Array.from(values));
}
