import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { nearestName } from '../../../core/base/nearest-name.ts';

describe('nearest name', () => {
  const known = ['linger.ms', 'batch.size', 'acks', 'retries'];

  it('finds the name that was meant behind slips of the pen', () => {
    assert.equal(nearestName('linger.mss', known), 'linger.ms');
    assert.equal(nearestName('bacth.size', known), 'batch.size');
    assert.equal(nearestName('LINGER.MS', known), 'linger.ms');
    assert.equal(nearestName('ack', known), 'acks');
  });

  it('suggests nothing for what resembles no name', () => {
    assert.equal(nearestName('compression', known), null);
    assert.equal(nearestName('', known), null);
    assert.equal(nearestName('xy', known), null);
  });
});
