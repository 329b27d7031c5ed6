import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { OptionTable } from '../../../core/base/options.ts';
import { parseProducerConfig } from '../../../core/producer/config/config.ts';
import { PRODUCER_OPTIONS } from '../../../core/producer/config/options.ts';

/** The table with another default of enable.idempotence, and transactions served. */
function table(isOnByDefault: boolean): OptionTable {
  return PRODUCER_OPTIONS.map((option) => {
    const { refused, ...rest } = option;
    if (option.name === 'enable.idempotence') return { ...rest, default: isOnByDefault };
    return option.group === 'transactions' || refused === undefined ? rest : { ...rest, refused };
  });
}

const ON = table(true);
const OFF = table(false);
const IN_FLIGHT = 'max.in.flight.requests.per.connection';

function read(properties: Record<string, string | number | boolean>, options: OptionTable) {
  const { config, problems, warnings } = parseProducerConfig(properties, options);
  return { isOn: config.isIdempotent, messages: problems.map(({ message }) => message), warnings };
}

for (const [name, options] of [
  ['on', ON],
  ['off', OFF],
] as const) {
  describe(`idempotence, where the default is ${name}`, () => {
    it('is what was set, with acks=all, retries and five in flight', () => {
      const on = read({ 'enable.idempotence': true, acks: '-1', retries: 1, [IN_FLIGHT]: 5 }, options);
      assert.deepEqual(on, { isOn: true, messages: [], warnings: [] });
      assert.equal(read({ 'enable.idempotence': 'false', acks: 1, retries: 0 }, options).isOn, false);
      assert.deepEqual(read({}, options), { isOn: options === ON, messages: [], warnings: [] });
    });

    it('set by hand, conflicts with acks other than all and with retries=0, both named', () => {
      for (const acks of ['0', '1']) {
        const { messages } = read({ 'enable.idempotence': true, acks }, options);
        assert.equal(messages.length, 1);
        assert.match(messages[0]!, new RegExp(`acks=${acks} conflicts with enable\\.idempotence=true`));
        assert.match(messages[0]!, /set acks=all, or set enable\.idempotence=false/);
      }
      const { messages } = read({ 'enable.idempotence': true, retries: 0, acks: 1 }, options);
      assert.equal(messages.length, 2);
      assert.match(messages[1]!, /retries=0 conflicts with enable\.idempotence=true.*leave retries out/);
    });

    it('set by hand, allows at most five in flight', () => {
      const { messages } = read({ 'enable.idempotence': true, [IN_FLIGHT]: 6 }, options);
      assert.equal(messages.length, 1);
      assert.match(messages[0]!, /per\.connection must be <= 5 with enable\.idempotence=true, got 6/);
      assert.deepEqual(read({ 'enable.idempotence': false, [IN_FLIGHT]: 6 }, options).messages, []);
    });

    it('is needed by a transactional.id', () => {
      const { messages } = read({ 'enable.idempotence': false, 'transactional.id': 't' }, options);
      assert.match(messages[0]!, /transactional\.id needs enable\.idempotence=true/);
      assert.deepEqual(read({ 'enable.idempotence': true, 'transactional.id': 't' }, options).messages, []);
    });
  });
}

describe('idempotence that is only the default', () => {
  it('is switched off by acks or retries, and each says so once', () => {
    const acks = read({ acks: 1 }, ON);
    assert.equal(acks.isOn, false);
    assert.deepEqual(acks.messages, []);
    assert.equal(acks.warnings.length, 1);
    assert.match(acks.warnings[0]!, /enable\.idempotence is on by default and off where acks is not all/);
    assert.deepEqual(read({ acks: 0 }, ON).warnings, acks.warnings);
    assert.match(read({ retries: 0 }, ON).warnings[0]!, /off where retries is not above 0/);
    assert.equal(parseProducerConfig({ acks: 1 }, ON).config.effective['enable.idempotence'], false);
  });

  it('makes more than five in flight an error, also where acks=1 would switch it off', () => {
    for (const more of [{}, { acks: 1 }, { retries: 0 }]) {
      const { messages } = read({ [IN_FLIGHT]: 6, ...more }, ON);
      assert.equal(messages.length, 1);
      assert.match(messages[0]!, /with enable\.idempotence=true \(the default\), got 6: lower it, or set/);
    }
    assert.deepEqual(read({ [IN_FLIGHT]: 6 }, OFF), { isOn: false, messages: [], warnings: [] });
  });

  it('switched off by acks leaves nothing for a transactional.id', () => {
    assert.match(read({ acks: 1, 'transactional.id': 't' }, ON).messages[0]!, /needs enable\.idempotence/);
  });
});

describe('two-phase commit', () => {
  it('conflicts with a transaction.timeout.ms', () => {
    const properties = { 'transaction.two.phase.commit.enable': true, 'transaction.timeout.ms': 1000 };
    assert.match(read(properties, ON).messages[0]!, /timeout\.ms conflicts with .*two\.phase\.commit/);
    assert.deepEqual(read({ 'transaction.two.phase.commit.enable': true }, ON).messages, []);
  });
});
