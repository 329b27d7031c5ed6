import type { OptionTable } from '../base/options.ts';
import { CLIENT_OPTIONS } from '../client/client-config.ts';

const INT_MAX = 2_147_483_647;

/** The consumer's own properties, with the defaults and ranges of Kafka 4.1 (ConsumerConfig). */
export const FETCH_OPTIONS: OptionTable = [
  {
    name: 'fetch.min.bytes',
    type: 'int',
    default: 1,
    min: 0,
    max: INT_MAX,
    text: 'The broker answers once it has this much, or after fetch.max.wait.ms.',
  },
  {
    name: 'fetch.max.bytes',
    type: 'int',
    default: 52_428_800,
    min: 0,
    max: INT_MAX,
    text: 'Bytes of records in one response at most; a larger first batch is sent all the same.',
  },
  {
    name: 'fetch.max.wait.ms',
    type: 'int',
    default: 500,
    min: 0,
    max: INT_MAX,
    text: 'The longest that the broker waits for fetch.min.bytes.',
  },
  {
    name: 'max.partition.fetch.bytes',
    type: 'int',
    default: 1_048_576,
    min: 0,
    max: INT_MAX,
    text: 'Bytes of records per partition in one response at most.',
  },
  {
    name: 'max.poll.records',
    type: 'int',
    default: 500,
    min: 1,
    max: INT_MAX,
    text: 'Records that one poll() returns at most.',
  },
  {
    name: 'check.crcs',
    type: 'boolean',
    default: true,
    text: 'Check the CRC of each batch.',
  },
  {
    name: 'auto.offset.reset',
    type: 'string',
    default: 'latest',
    oneOf: ['earliest', 'latest', 'none'],
    text: 'Where to begin without an offset, or with one that the log does not hold; none: an error.',
  },
];

/** Every consumer property that has a meaning here. */
export const CONSUMER_OPTIONS: OptionTable = [
  {
    name: 'bootstrap.servers',
    type: 'list',
    default: '',
    text: 'host:port pairs, comma separated, from which the consumer learns the whole cluster.',
  },
  ...CLIENT_OPTIONS,
  ...FETCH_OPTIONS,
];
