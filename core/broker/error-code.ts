import { kafkaErrorByName } from '../base/errors.ts';

/** The code of a Kafka error by its name; a name that Kafka does not have is a mistake of ours, found at start-up. */
export function errorCode(name: string): number {
  const known = kafkaErrorByName(name);
  if (known === undefined) throw new Error(`Kafka has no error named ${name}`);
  return known.code;
}
