import { runLab } from '../../../bench/partitioners/run-lab.ts';
import type { LabResult } from '../../../reports/lab/lab-result.ts';

/** Where a few hundred keys land. */
export function placedKeys(): Promise<LabResult> {
  return runLab({
    keys: {
      kind: 'distribution',
      name: 'zipf:1.1:300',
      distribution: { kind: 'zipf', cardinality: 300, exponent: 1.1 },
      records: 3000,
    },
    partitions: [4],
    recordSizeBytes: 100,
    modules: [],
    topic: 't',
    seed: 1,
    workingDirectory: '.',
  });
}
