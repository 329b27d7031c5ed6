import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { SlotSchedule } from '../../workers/slot-schedule.ts';

test('slots of all generators together are evenly spaced at the rate', () => {
  const schedules = [0, 1, 2].map(
    (generator) => new SlotSchedule({ startNs: 1e9, recordsPerSecond: 3000, generator, generators: 3 }),
  );
  const slots = [0, 1, 2, 3]
    .flatMap((index) => schedules.map((schedule) => schedule.slotNs(index)))
    .sort((a, b) => a - b);
  for (let index = 1; index < slots.length; index++)
    assert.ok(Math.abs(slots[index]! - slots[index - 1]! - 1e9 / 3000) < 1);
});

test('a slot depends on its index alone and never drifts', () => {
  const schedule = new SlotSchedule({
    startNs: 5e15,
    recordsPerSecond: 333_333,
    generator: 0,
    generators: 1,
  });
  assert.ok(Math.abs(schedule.slotNs(333_333 * 60) - (5e15 + 60e9)) < 2);
});

test('slotsBefore counts exactly the slots before a time', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 5_000_000 }),
      fc.integer({ min: 0, max: 3 }),
      fc.integer({ min: 0, max: 2_000_000_000 }),
      (recordsPerSecond, generator, afterNs) => {
        const schedule = new SlotSchedule({ startNs: 1e12, recordsPerSecond, generator, generators: 4 });
        const timeNs = 1e12 + afterNs;
        const count = schedule.slotsBefore(timeNs);
        assert.ok(count === 0 || schedule.slotNs(count - 1) < timeNs);
        assert.ok(schedule.slotNs(count) >= timeNs);
      },
    ),
  );
});
