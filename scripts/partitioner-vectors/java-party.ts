import { fileURLToPath } from 'node:url';
import { KAFKA_VERSION } from '../kafka/fetch-kafka.ts';
import { findKafka, outputOfTool } from '../kafka/kafka-tool.ts';
import { hexLines, type Party, partitionsOf } from './party.ts';

const PROGRAM = fileURLToPath(new URL('PlaceKeys.java', import.meta.url));

/** Kafka's own producer: the method by which it places records with a key. */
export async function java(): Promise<Party> {
  const kafka = await findKafka();
  return {
    name: `Java producer ${KAFKA_VERSION}`,
    strategy: 'java-murmur2',
    place: async (keys, partitions) => {
      // The launcher compiles a source file that is given in the place of a class.
      const output = await outputOfTool(kafka, PROGRAM, [String(partitions)], { input: hexLines(keys) });
      return partitionsOf(output, keys.length);
    },
  };
}
