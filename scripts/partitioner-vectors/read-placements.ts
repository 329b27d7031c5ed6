import { Consumer, Producer } from '../../core/tidemark.ts';

const POLL_MS = 1_000;
const MOST_EMPTY_POLLS = 10;

/**
 * Reads a topic of records whose values are the positions of their keys: the partition of each. Throws when a record is
 * missing, came twice, or has another key.
 */
export async function readPlacements(
  bootstrapServers: string,
  topic: string,
  keys: readonly Buffer[],
): Promise<number[]> {
  const placed = new Array<number>(keys.length).fill(-1);
  let found = 0;
  let emptyPolls = 0;
  await using asking = new Producer({ 'bootstrap.servers': bootstrapServers });
  const partitions = await asking.partitionsFor(topic);
  await using consumer = new Consumer({
    'bootstrap.servers': bootstrapServers,
    'auto.offset.reset': 'earliest',
  });
  consumer.assign(partitions.map(({ partition }) => ({ topic, partition })));
  while (found < keys.length && emptyPolls < MOST_EMPTY_POLLS) {
    const records = await consumer.poll(POLL_MS);
    emptyPolls = records.length === 0 ? emptyPolls + 1 : 0;
    for (const { key, value, partition } of records) {
      const at = Number(Buffer.from(value as Uint8Array).toString());
      if (placed[at] !== -1) throw new Error(`record ${at} came twice, or was not asked for`);
      if (!keys[at]!.equals(Buffer.from((key as Uint8Array | null) ?? []))) {
        throw new Error(`record ${at} has another key than 0x${keys[at]!.toString('hex')}`);
      }
      placed[at] = partition;
      found++;
    }
  }
  if (found < keys.length) throw new Error(`only ${found} of ${keys.length} records can be read`);
  return placed;
}
