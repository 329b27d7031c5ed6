import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  KAFKA_ERRORS,
  kafkaError,
  kafkaErrorByCode,
  kafkaErrorByName,
  TidemarkError,
} from '../../../core/base/errors.ts';

test('the table holds each code from -1 to 133 once, in order, with unique names', () => {
  assert.deepEqual(
    KAFKA_ERRORS.map((error) => error.code),
    Array.from({ length: 135 }, (_, index) => index - 1),
  );
  assert.equal(new Set(KAFKA_ERRORS.map((error) => error.name)).size, KAFKA_ERRORS.length);
});

test('codes and retriability are those of Kafka', () => {
  assert.equal(kafkaErrorByName('NOT_ENOUGH_REPLICAS')?.code, 19);
  assert.equal(kafkaErrorByName('NOT_ENOUGH_REPLICAS')?.retriable, true);
  assert.equal(kafkaErrorByCode(10).name, 'MESSAGE_TOO_LARGE');
  assert.equal(kafkaErrorByCode(10).retriable, false);
  assert.equal(kafkaErrorByCode(100).name, 'UNKNOWN_TOPIC_ID');
});

test('a code of a later Kafka reads as UNKNOWN_SERVER_ERROR and keeps its number', () => {
  assert.equal(kafkaErrorByCode(9999).name, 'UNKNOWN_SERVER_ERROR');
  const error = kafkaError(9999, 'produce to events-0');
  assert.equal(error.code, 9999);
  assert.match(error.message, /^produce to events-0: UNKNOWN_SERVER_ERROR \(9999\)/);
});

test('an error takes code and retriability from its kind when that is a Kafka error', () => {
  const fromKafka = new TidemarkError('LEADER_NOT_AVAILABLE', 'no leader');
  assert.equal(fromKafka.code, 5);
  assert.equal(fromKafka.retriable, true);
  const own = new TidemarkError('TIMEOUT', 'late', { retriable: true, cause: new Error('why') });
  assert.equal(own.code, null);
  assert.equal(own.retriable, true);
  assert.equal((own.cause as Error).message, 'why');
});
