import { join } from 'node:path';
import { writeFileAtomically } from '../../reports/atomic-file.ts';
import { labCsv } from '../../reports/lab/lab-csv.ts';
import { labJson } from '../../reports/lab/lab-json.ts';
import type { LabResult } from '../../reports/lab/lab-result.ts';

/** Writes partitioners.json, partitioners.csv and partitioners.html, each whole or not at all. Throws TidemarkError STORAGE. */
export async function writeLabFiles(directory: string, lab: LabResult): Promise<void> {
  writeFileAtomically(join(directory, 'partitioners.json'), bytesOf(labJson(lab)));
  writeFileAtomically(join(directory, 'partitioners.csv'), bytesOf(labCsv(lab)));
  // Charts take a library that nothing else needs.
  const { labPage } = await import('../../reports/lab/lab-page.ts');
  writeFileAtomically(join(directory, 'partitioners.html'), labPage(lab));
}

/** Pieces may be more than one string holds. */
function bytesOf(pieces: Iterable<string>): Buffer {
  return Buffer.concat(Array.from(pieces, (piece) => Buffer.from(piece)));
}
