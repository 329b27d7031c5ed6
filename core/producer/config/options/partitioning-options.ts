import { optionsOf, type ProducerOption } from './define-option.ts';

const { long, flag, className } = optionsOf('partitioning');

/** Which partition a record goes to when it names none. */
export const PARTITIONING_OPTIONS: readonly ProducerOption[] = [
  className(
    'partitioner.class',
    'medium',
    null,
    'keyed, sticky, uniform-sticky, adaptive, round-robin, random, a module path, or the name of a Java partitioner; empty is the built-in one: the hash of the key, adaptive without a key.',
  ),
  flag(
    'partitioner.ignore.keys',
    'medium',
    false,
    'Spread records that have a key as if they had none (built-in partitioner and sticky).',
  ),
  flag(
    'partitioner.adaptive.partitioning.enable',
    'low',
    true,
    'Give fewer records without a key to partitions whose batches queue up; false draws evenly.',
  ),
  long(
    'partitioner.availability.timeout.ms',
    'low',
    0,
    'Leave out partitions whose broker has had batches ready but taken none for this long; 0 never.',
    { min: 0 },
  ),
];
