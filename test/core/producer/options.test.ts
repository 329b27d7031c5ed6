import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { inspect } from 'node:util';
import type { OptionDefinition } from '../../../core/base/options.ts';
import { SECURITY_PROPERTY_NAMES } from '../../../core/client/security/property-names.ts';
import { parseProducerConfig } from '../../../core/producer/config/config.ts';
import { OPTION_GROUPS } from '../../../core/producer/config/options/define-option.ts';
import { PRODUCER_OPTIONS } from '../../../core/producer/config/options.ts';

/** Printed from ProducerConfig.configDef() of kafka-clients 4.1.0. */
const KAFKA = readFileSync(new URL('./fixtures/producer-config-4.1.tsv', import.meta.url), 'utf8')
  .trimEnd()
  .split('\n')
  .slice(1)
  .map((line) => line.split('\t') as [string, string, string, string, string]);

const INT_BOUND = 2_147_483_647;

function optionOf(name: string): OptionDefinition & { importance: string } {
  const option = PRODUCER_OPTIONS.find((candidate) => candidate.name === name);
  assert.ok(option !== undefined, name);
  return option;
}

function defaultOf(text: string): string {
  if (text === 'null') return '';
  return text.replace(/^class /, '').replace(/^\[(.*)\]$/, (_, list: string) => list.replaceAll(', ', ','));
}

/** Kafka's own words for a range, from ours. */
function rangeOf({ type, min, max, also, oneOf, isNeverEmpty, ignoresCase }: OptionDefinition): string {
  if (isNeverEmpty) return 'non-empty string';
  if (oneOf) return `${ignoresCase ? '(case insensitive) ' : ''}[${oneOf.join(', ')}]`;
  const isBounded = { short: 32_767, int: INT_BOUND, long: Number.MAX_SAFE_INTEGER }[type as 'int'];
  if (min === undefined || min < -1_000_000_000 || (type === 'short' && min < -30_000)) return '';
  const low = type === 'double' && Number.isInteger(min) ? `${min}.0` : min;
  const high = type === 'double' && Number.isInteger(max) ? `${max}.0` : max;
  return `[${low},...${max === isBounded ? '' : `,${high}`}]${also === undefined ? '' : ` or ${also}`}`;
}

describe("the table of the producer's properties", () => {
  it('has the 112 of Kafka 4.1, each with its type, importance and default, but for idempotence', () => {
    assert.equal(KAFKA.length, 112);
    assert.deepEqual(
      PRODUCER_OPTIONS.map(({ name }) => name).sort(),
      KAFKA.map(([name]) => name),
    );
    for (const [name, value, type, importance] of KAFKA) {
      const option = optionOf(name);
      assert.equal(option.type.toUpperCase(), type, name);
      assert.equal(option.importance.toUpperCase(), importance, name);
      if (name !== 'enable.idempotence') assert.equal(String(option.default ?? ''), defaultOf(value), name);
    }
  });

  it("has Kafka's ranges", () => {
    for (const [name, , , , range = ''] of KAFKA) {
      if (/non-null string/.test(range)) continue;
      const ours = rangeOf(optionOf(name));
      const sorted = (text: string): string =>
        text
          .toUpperCase()
          .split(/[[\], ]+/)
          .sort()
          .join(' ');
      const wanted = range === `[0,...,${INT_BOUND}]` ? '[0,...]' : range;
      assert.equal(sorted(ours), sorted(wanted), name);
    }
  });

  it('takes every property at its default, and says of each without effect that it has none', () => {
    for (const [name, value] of KAFKA) {
      const { problems, warnings } = parseProducerConfig({ [name]: defaultOf(value) });
      if (name === 'transactional.id') assert.match(problems[0]!.message, /must not be empty/);
      else assert.deepEqual(problems, [], name);
      if (optionOf(name).withoutEffect !== undefined) {
        assert.ok(
          warnings.some((warning) => warning.startsWith(`${name} has no effect here. `)),
          name,
        );
      }
    }
  });

  it('refuses by name what has no counterpart, with the reason and the way out', () => {
    const refused = PRODUCER_OPTIONS.filter((option) => option.refused !== undefined);
    assert.ok(refused.length > 20);
    for (const { name, type, oneOf, min, refused: reason } of refused) {
      const value =
        type === 'boolean'
          ? !optionOf(name).default
          : (oneOf?.find((word) => word !== optionOf(name).default) ?? (min === undefined ? '7' : '77'));
      const [problem, ...others] = parseProducerConfig({ [name]: value }).problems;
      assert.deepEqual(others, [], name);
      assert.equal(problem?.property, name);
      assert.ok(problem.message.startsWith(`${name} is refused, got `), problem.message);
      assert.ok(problem.message.includes(reason!), problem.message);
      assert.match(reason!, /leave it out/);
    }
  });

  it('says of no security property that it does nothing while it is read, or the other way round', () => {
    const security = PRODUCER_OPTIONS.filter(({ group }) => ['security', 'sasl', 'oauth'].includes(group));
    const used = security.filter(
      (option) => option.refused === undefined && option.withoutEffect === undefined,
    );
    assert.deepEqual(used.map(({ name }) => name).sort(), [...SECURITY_PROPERTY_NAMES].sort());
  });

  it('has a text of one line and a theme for each, the more important first', () => {
    for (const { name, text, group } of PRODUCER_OPTIONS) {
      assert.match(text, /^[^\n]{20,}[.;]$/, name);
      assert.ok(group in OPTION_GROUPS);
    }
    const order = PRODUCER_OPTIONS.map(
      ({ group, importance, name }) =>
        `${Object.keys(OPTION_GROUPS).indexOf(group)} ${['high', 'medium', 'low'].indexOf(importance)} ${name}`,
    );
    assert.deepEqual(order, [...order].sort());
  });

  it('suggests the right name for every one of them with two letters swapped', () => {
    for (const { name } of PRODUCER_OPTIONS) {
      const middle = name.indexOf('.') + 1;
      const swapped = `${name.slice(0, middle)}${name[middle + 1]}${name[middle]}${name.slice(middle + 2)}`;
      if (swapped === name) continue;
      assert.equal(parseProducerConfig({ [swapped]: 'x' }).problems[0]?.suggestion, name);
    }
  });
});

describe('secrets among the properties', () => {
  const SECRET = 's3cr3tw0rd';

  it('are never repeated: not in problems, not for misspelt names, not in what is effective', () => {
    for (const { name, type } of PRODUCER_OPTIONS) {
      if (type !== 'password') continue;
      const misspelt = name.replace('config', 'confg').replace('ssword', 'sword');
      for (const [property, value] of [
        [name, SECRET],
        [`${misspelt}x`, SECRET],
      ] as const) {
        const { config, problems, warnings } = parseProducerConfig({ [property]: value });
        const shown = JSON.stringify([config.effective, problems, warnings]);
        assert.ok(!shown.includes(SECRET), `${property}: ${shown}`);
      }
    }
    const { effective } = parseProducerConfig({ 'ssl.key.password': SECRET }).config;
    assert.equal(effective['ssl.key.password'], '[hidden]');
    assert.equal(effective['ssl.keystore.password'], null);
  });

  it('are not shown by print-outs of a configuration that holds them', () => {
    const { config, problems } = parseProducerConfig({
      'security.protocol': 'sasl_plaintext',
      'sasl.mechanism': 'PLAIN',
      'sasl.jaas.config': `org.apache.kafka.common.security.plain.PlainLoginModule required username="u" password="${SECRET}";`,
    });
    assert.deepEqual(problems, []);
    const { sasl } = config.security;
    assert.ok(sasl?.mechanism === 'PLAIN' && sasl.password.reveal() === SECRET);
    assert.ok(!inspect(config, { depth: null, showHidden: true }).includes(SECRET));
    assert.ok(!JSON.stringify(config).includes(SECRET));
  });

  it('are not the text that stands for them', () => {
    const [problem] = parseProducerConfig({ 'sasl.jaas.config': '[hidden]' }).problems;
    assert.match(problem!.message, /sasl\.jaas\.config is the text \[hidden\]: put the secret itself there/);
  });
});
