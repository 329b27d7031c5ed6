import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CompressionRatioEstimator, estimatedBatchBytes } from '../../../core/record/compression-ratio.ts';

test('the estimate believes in worse at once and in better by half a percent a time', () => {
  const estimator = new CompressionRatioEstimator();
  assert.equal(estimator.estimate('t', 'gzip'), 1);
  assert.equal(estimator.observe('t', 'gzip', 0.3), 0.995);
  assert.equal(estimator.observe('t', 'gzip', 0.993), 0.993);
  assert.equal(estimator.observe('t', 'gzip', 0.993), 0.993);
  assert.equal(estimator.observe('t', 'gzip', 0.994), 0.993 + 0.05);
  assert.equal(estimator.observe('t', 'gzip', 1.4), 1.4);
});

test('topics and codecs are estimated apart', () => {
  const estimator = new CompressionRatioEstimator();
  estimator.observe('t', 'gzip', 0.1);
  assert.equal(estimator.estimate('t', 'zstd'), 1);
  assert.equal(estimator.estimate('u', 'gzip'), 1);
  assert.equal(estimator.estimate('t', 'gzip'), 0.995);
});

test('after a split nothing better than 1 is believed', () => {
  const estimator = new CompressionRatioEstimator();
  estimator.observe('t', 'lz4', 0.2);
  assert.equal(estimator.resetAfterSplit('t', 'lz4', 0.4), 1);
  assert.equal(estimator.resetAfterSplit('t', 'lz4', 1.3), 1.3);
});

test('an open batch is taken for its header and its records by ratio and five percent', () => {
  assert.equal(estimatedBatchBytes(1061, 'none', 0.5), 1061);
  assert.equal(estimatedBatchBytes(1061, 'gzip', 0.5), 61 + 525);
  assert.equal(estimatedBatchBytes(61, 'zstd', 1), 61);
});
