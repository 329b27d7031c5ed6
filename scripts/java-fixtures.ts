/**
 * `node scripts/java-fixtures.ts`: makes test/core/record/fixtures/java anew. Kafka's own producer writes known records
 * to an Apache Kafka started for it, and the broker's segment files are taken as they are: `<topic>.bin`, with what was
 * sent to each and where it comes from in `origin.json`. Needs a JDK 17 and, the first time, Maven.
 */
import { copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FIXTURE_BATCHES, FIXTURE_TOPICS } from './java-fixtures/records-to-write.ts';
import { endWithParent } from './kafka/bound-process.ts';
import { KAFKA_VERSION } from './kafka/fetch-kafka.ts';
import { startKafka } from './kafka/start-kafka.ts';

const FIXTURES = fileURLToPath(new URL('../test/core/record/fixtures/java/', import.meta.url));
const PROGRAM = fileURLToPath(new URL('java-fixtures/WriteBatches.java', import.meta.url));
const FIRST_SEGMENT = '00000000000000000000.log';
/** Topics are made by being written to; old records must not be deleted. */
const BROKER_CONFIG = { 'num.partitions': '1', 'log.retention.ms': '-1' };

const written = { topics: FIXTURE_TOPICS, batches: FIXTURE_BATCHES };

endWithParent();
const kafka = await startKafka({ config: BROKER_CONFIG });
try {
  // The launcher compiles a source file that is given in the place of a class.
  await kafka.toolOutput(PROGRAM, [kafka.bootstrapServers], { input: JSON.stringify(written) });
  await kafka.stopBroker(1);
  rmSync(FIXTURES, { recursive: true, force: true });
  mkdirSync(FIXTURES, { recursive: true });
  for (const { topic } of FIXTURE_TOPICS) {
    copyFileSync(join(kafka.dataDirectory(1), `${topic}-0`, FIRST_SEGMENT), join(FIXTURES, `${topic}.bin`));
  }
  const origin = {
    writtenBy: `the Java producer of Apache Kafka ${KAFKA_VERSION}, read out of its broker's segment files`,
    command: 'node scripts/java-fixtures.ts',
    ...written,
  };
  writeFileSync(join(FIXTURES, 'origin.json'), `${JSON.stringify(origin, null, 2)}\n`);
  console.log(`${FIXTURE_TOPICS.length} segments in ${FIXTURES}`);
} finally {
  await kafka.close();
}
