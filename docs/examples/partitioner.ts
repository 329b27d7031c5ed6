// A partitioner of one's own: keys like customer-7/order-31 are placed by their customer, so that all orders of a
// customer stay in order, and the records of the largest customer have partition 0 to themselves.
//   tidemark partitioners --keys keys.txt --partitions 12 --partitioner ./docs/examples/partitioner.ts
//   partitioner.class=./docs/examples/partitioner.ts
import { crc32 } from 'node:zlib';
import type { Partitioner } from 'tidemark';

const LARGEST = 'customer-1';

export default {
  partition(_topic, key, _value, cluster) {
    if (cluster.partitionCount < 2 || key === null) return 0;
    const [customer = ''] = Buffer.from(key).toString().split('/');
    if (customer === LARGEST) return 0;
    return 1 + (crc32(customer) % (cluster.partitionCount - 1));
  },
} satisfies Partitioner;
