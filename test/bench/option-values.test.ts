import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  parseBootstrapServers,
  parseCount,
  parseDelimiter,
  parseDurationMs,
  parseFactorSetting,
  parseKeyValue,
  parsePath,
  parsePositiveDurationMs,
  parseProcessing,
  parseSizeBytes,
} from '../../bench/option-values.ts';

test('durations have a unit, and come out in milliseconds', () => {
  const read = ['300ms', '5s', '1.5m', '1h', '0s'].map(parseDurationMs);
  assert.deepEqual(read, [300, 5000, 90_000, 3_600_000, 0]);
  for (const text of ['300', '', '-5s', '5 s', '1e3ms', '5sec', '25h', 'ms']) {
    assert.throws(() => parseDurationMs(text), RangeError, text);
  }
  assert.throws(() => parsePositiveDurationMs('0ms'), /more than 0ms/);
});

test('sizes know binary and decimal units and keep their bounds', () => {
  const read = ['100', '1KiB', '1kB', '2k', '1MiB'].map((text) => parseSizeBytes(text, 1e9));
  assert.deepEqual(read, [100, 1024, 1000, 2048, 1_048_576]);
  for (const text of ['0', '-1', '1.5k', '1XB', '', '2000000000']) {
    assert.throws(() => parseSizeBytes(text, 1e9), RangeError, text);
  }
});

test('counts are whole and within bounds', () => {
  assert.equal(parseCount('7', 1, 10), 7);
  for (const text of ['0', '11', '1.5', '', 'x', '1e1'])
    assert.throws(() => parseCount(text, 1, 10), RangeError);
});

test('counts reach the largest whole number that is exact, and no further', () => {
  assert.equal(parseCount('9007199254740991', 0, Number.MAX_SAFE_INTEGER), Number.MAX_SAFE_INTEGER);
  assert.throws(() => parseCount('9007199254740992', 0, Number.MAX_SAFE_INTEGER), RangeError);
});

test('a path is not empty', () => {
  assert.equal(parsePath('runs/a b'), 'runs/a b');
  for (const text of ['', ' ']) assert.throws(() => parsePath(text), RangeError);
});

test('a setting splits at its first equals sign, a factor at its commas', () => {
  assert.deepEqual(parseKeyValue('a.b=c=d'), { name: 'a.b', value: 'c=d' });
  assert.deepEqual(parseKeyValue('client.id='), { name: 'client.id', value: '' });
  assert.throws(() => parseKeyValue('=5'), RangeError);
  assert.throws(() => parseKeyValue('linger.ms'), RangeError);
  assert.deepEqual(parseFactorSetting('linger.ms=0, 5,50'), {
    property: 'linger.ms',
    levels: ['0', '5', '50'],
  });
  assert.throws(() => parseFactorSetting('linger.ms=0,,5'), /an empty level of linger\.ms/);
});

test('delimiters know the usual escapes and refuse others', () => {
  assert.equal(parseDelimiter('\\n\\t\\0\\\\|'), '\n\t\0\\|');
  for (const text of ['', '\\x', 'a\\']) assert.throws(() => parseDelimiter(text), RangeError);
});

test('bootstrap servers are host:port pairs', () => {
  assert.equal(parseBootstrapServers('a:1, [::1]:65535'), 'a:1,[::1]:65535');
  assert.equal(parseBootstrapServers('a:1,, b:2 ,'), 'a:1,b:2');
  for (const text of ['', ' , ', 'a', 'a:0', 'a:65536', 'a:1 b:2', ':1', 'a:b']) {
    assert.throws(() => parseBootstrapServers(text), RangeError, text);
  }
});

test("a broker's processing delay is its id and a time", () => {
  assert.deepEqual(parseProcessing('1=20ms'), { id: '1', delayMs: 20 });
  assert.deepEqual(parseProcessing(' 02 = 1s'), { id: '2', delayMs: 1000 });
  assert.throws(() => parseProcessing('20ms'), /got '20ms', expected a broker's id and a time: 1=20ms/);
  for (const text of ['1=20', '=20ms', 'a=20ms', '1=', '-1=5ms']) {
    assert.throws(() => parseProcessing(text), RangeError, text);
  }
});
