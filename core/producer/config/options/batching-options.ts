import { optionsOf, type ProducerOption } from './define-option.ts';

const { int, long, text } = optionsOf('batching');

/** What a batch is, how long it waits, how much memory there is for it and how it is compressed. */
export const BATCHING_OPTIONS: readonly ProducerOption[] = [
  long(
    'buffer.memory',
    'high',
    33_554_432,
    'Bytes for batches not yet settled; when they are used up, send() waits for max.block.ms.',
    { min: 0 },
  ),
  text('compression.type', 'high', 'none', 'Codec for whole batches; larger batches compress better.', {
    oneOf: ['none', 'gzip', 'snappy', 'lz4', 'zstd'],
  }),
  int(
    'batch.size',
    'medium',
    16_384,
    'Bytes one batch of one partition may hold; 0 sends each record alone.',
    { min: 0 },
  ),
  int('compression.gzip.level', 'medium', -1, 'gzip level 1 (fast) to 9 (small); -1 is its default.', {
    min: 1,
    max: 9,
    also: -1,
  }),
  int('compression.lz4.level', 'medium', 9, 'lz4 level 1 (fast) to 17 (small).', {
    min: 1,
    max: 17,
    withoutEffect: 'The lz4 library used here has one level.',
  }),
  int('compression.zstd.level', 'medium', 3, 'zstd level -131072 (fast) to 22 (small).', {
    min: -131_072,
    max: 22,
  }),
  long(
    'linger.ms',
    'medium',
    5,
    'How long a batch that is not full waits for more records; 0 starts no timer.',
    { min: 0 },
  ),
  long(
    'max.block.ms',
    'medium',
    60_000,
    'How long a send may wait for metadata and for buffer.memory together before it fails.',
    { min: 0 },
  ),
  int(
    'max.request.size',
    'medium',
    1_048_576,
    'Bytes one request may hold, and the largest record accepted.',
    { min: 0 },
  ),
];
