/** `node scripts/write-suite-schema.ts`: the JSON Schema of suite files for editors, from the source that validates them. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suiteJsonSchema } from '../bench/suite/suite-schema.ts';

const path = join(import.meta.dirname, '..', 'bench', 'suites', 'suite.schema.json');
writeFileSync(path, `${JSON.stringify(suiteJsonSchema(), null, 2)}\n`);
