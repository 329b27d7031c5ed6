import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { PRODUCER_OPTIONS } from '../../core/producer/config/options.ts';
import { producerPropertiesPage } from '../../scripts/producer-properties/page.ts';

const PAGE = new URL('../../docs/producer-properties.md', import.meta.url);

test('the page of producer properties is what the table says: node scripts/write-producer-properties.ts', () => {
  assert.equal(readFileSync(PAGE, 'utf8'), producerPropertiesPage());
});

test('the page has every property under a heading of its own, with what it does here', () => {
  const page = producerPropertiesPage();
  for (const { name, refused, withoutEffect } of PRODUCER_OPTIONS) {
    const entry = page.split(`### ${name}\n`)[1]?.split('\n##')[0] ?? '';
    const effect = refused ? 'Refused' : withoutEffect ? 'without effect' : 'Used.';
    assert.ok(entry.includes(effect), name);
    assert.match(entry, /importance (high|medium|low)/);
  }
});
