import { writeFileSync } from 'node:fs';
import { producerPropertiesPage } from './producer-properties/page.ts';

/** Writes docs/producer-properties.md from the table of the producer's properties. */
const path = new URL('../docs/producer-properties.md', import.meta.url);
writeFileSync(path, producerPropertiesPage());
