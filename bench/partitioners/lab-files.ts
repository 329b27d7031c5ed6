import { join } from 'node:path';
import { writeFileAtomically } from '../../reports/atomic-file.ts';
import { labCsv } from '../../reports/lab/lab-csv.ts';
import { labJson } from '../../reports/lab/lab-json.ts';
import type { LabResult } from '../../reports/lab/lab-result.ts';
import { LAB_FILE, LAB_PAGE } from '../../reports/lab/read-lab.ts';

/** Writes partitioners.json, partitioners.csv and partitioners.html, each whole or not at all. Throws TidemarkError STORAGE. */
export async function writeLabFiles(directory: string, lab: LabResult): Promise<void> {
  writeLabData(directory, lab);
  // Charts take a library that nothing else needs.
  const { labPage } = await import('../../reports/lab/lab-page.ts');
  writeFileAtomically(join(directory, LAB_PAGE), labPage(lab));
}

/** The first two, without the page. */
export function writeLabData(directory: string, lab: LabResult): void {
  writeFileAtomically(join(directory, LAB_FILE), bytesOf(labJson(lab)));
  writeFileAtomically(join(directory, 'partitioners.csv'), bytesOf(labCsv(lab)));
}

/** Pieces may be more than one string holds. */
function bytesOf(pieces: Iterable<string>): Buffer {
  return Buffer.concat(Array.from(pieces, (piece) => Buffer.from(piece)));
}
