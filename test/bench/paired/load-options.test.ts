import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Command } from 'commander';
import { DEFAULT_LOAD, DEFAULT_PARTITIONS } from '../../../bench/paired/default-load.ts';
import {
  addDriverOptions,
  addLoadOptions,
  LOAD_OPTION_NAMES,
  readLoadOptions,
} from '../../../bench/paired/load-options.ts';
import type { PairedLoad } from '../../../bench/paired/paired-load.ts';

function command(): Command {
  const made = new Command('paired').exitOverride().configureOutput({ writeErr: () => {} });
  addDriverOptions(made);
  addLoadOptions(made);
  return made;
}

function read(...words: readonly string[]): PairedLoad {
  return readLoadOptions(command().parse(words, { from: 'user' }).opts());
}

test('without options both sides get the load that error rates were measured with', () => {
  assert.deepEqual(read(), {
    driver: undefined,
    build: undefined,
    load: DEFAULT_LOAD,
    partitions: DEFAULT_PARTITIONS,
    producer: { producerProperties: [], producerConfigFile: null },
    bootstrapServers: null,
    seed: null,
  });
});

test('every option finds its place', () => {
  const words = [
    ...['--driver', 'd.ts', '--build', 'make', '--record-size', '1KiB', '--records-per-send', '5'],
    ...['--in-flight', '10', '--partitions', '3', '--producer-property', 'acks=1'],
    ...['--producer.config', 'p.properties', '--bootstrap-server', 'a:1, b:2', '--seed', '7'],
  ];
  assert.deepEqual(read(...words), {
    driver: 'd.ts',
    build: 'make',
    load: { ...DEFAULT_LOAD, recordSizeBytes: 1024, recordsPerSend: 5, inFlight: 10 },
    partitions: 3,
    producer: { producerProperties: [{ name: 'acks', value: '1' }], producerConfigFile: 'p.properties' },
    bootstrapServers: 'a:1,b:2',
    seed: 7,
  });
});

test('the names are those that commander keeps the options under', () => {
  const kept = command().options.map((option) => option.attributeName());
  assert.deepEqual(kept.toSorted(), LOAD_OPTION_NAMES.toSorted());
});
