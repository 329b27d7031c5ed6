import type { Producer, ProducerRecord, RecordMetadata } from '../../core/producer/producer.ts';

/** The ways to send, as issue and docs name them. */
export const SEND_FORMS = ['fire-and-forget', 'synchronous', 'promise', 'callback'] as const;
export type SendForm = (typeof SEND_FORMS)[number];

/** Where each record went, by its index; null: nobody was told. */
export type Destinations = readonly (RecordMetadata | null)[];

/** Sends every record in order and waits until all are settled; rejects when one failed. */
export async function sendAll(
  producer: Producer,
  records: readonly ProducerRecord[],
  form: SendForm,
): Promise<Destinations> {
  switch (form) {
    case 'fire-and-forget':
      for (const record of records) producer.send(record, null);
      await producer.flush();
      return records.map(() => null);
    case 'synchronous': {
      const destinations: RecordMetadata[] = [];
      for (const record of records) destinations.push(await producer.send(record));
      return destinations;
    }
    case 'promise':
      return Promise.all(records.map((record) => producer.send(record)));
    case 'callback':
      return Promise.all(
        records.map(
          (record) =>
            new Promise<RecordMetadata>((resolve, reject) => {
              producer.send(record, (error, metadata) =>
                error === null ? resolve(metadata) : reject(error),
              );
            }),
        ),
      );
  }
}
