import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { SeededRandom } from '../../../core/base/random.ts';
import { backoffMs } from '../../../core/client/backoff.ts';
import { parseBootstrapServers } from '../../../core/client/bootstrap-servers.ts';
import { DEFAULT_CLIENT_CONFIG, parseClientConfig } from '../../../core/client/client-config.ts';
import { formatEndpoint } from '../../../core/client/endpoint.ts';

describe('bootstrap.servers', () => {
  it('takes names, addresses and IPv6 in brackets, once each', () => {
    assert.deepEqual(parseBootstrapServers('a:1, b.example:65535,,[::1]:9092,a:1,PLAINTEXT://c:3'), [
      { host: 'a', port: 1 },
      { host: 'b.example', port: 65_535 },
      { host: '::1', port: 9092 },
      { host: 'c', port: 3 },
    ]);
    assert.deepEqual(parseBootstrapServers(['a:1,b:2', 'c:3']).map(formatEndpoint), ['a:1', 'b:2', 'c:3']);
  });

  it('says what is wrong with a server and what was expected', () => {
    const wrong: [string, RegExp][] = [
      ['localhost', /"localhost" is not a server: the port is missing/],
      ['localhost:', /expected host:port/],
      [':9092', /expected host:port/],
      ['::1:9092', /an IPv6 address needs brackets/],
      ['a:0', /port between 1 and 65535/],
      ['a:70000', /port between 1 and 65535/],
      ['a b:1', /expected host:port/],
      ['SASL_SSL://a:1', /expected host:port; security.protocol=SASL_SSL says how to speak to it/],
      ['http://a:1/x', /expected/],
      ['', /is empty/],
      [' , ', /is empty/],
    ];
    for (const [text, message] of wrong) {
      assert.throws(() => parseBootstrapServers(text), { kind: 'CONFIG', message }, text);
    }
  });

  it('reads back what formatEndpoint writes', () => {
    const host = fc.oneof(fc.domain(), fc.ipV4(), fc.ipV6());
    fc.assert(
      fc.property(host, fc.integer({ min: 1, max: 65_535 }), (name, port) => {
        assert.deepEqual(parseBootstrapServers(formatEndpoint({ host: name, port })), [{ host: name, port }]);
      }),
    );
  });
});

describe('client properties', () => {
  it("default to Kafka's own values", () => {
    const { config, clientId, problems } = parseClientConfig({});
    assert.deepEqual(problems, []);
    assert.equal(clientId, '');
    assert.deepEqual(config, DEFAULT_CLIENT_CONFIG);
    assert.equal(config.requestTimeoutMs, 30_000);
    assert.equal(config.reconnectBackoffMs, 50);
    assert.equal(config.connectionsMaxIdleMs, 540_000);
  });

  it('are read under their names, and all problems told at once', () => {
    const { config, clientId, problems } = parseClientConfig({
      'client.id': 'me',
      'request.timeout.ms': '5',
      'retry.backoff.ms': 'soon',
      'metadata.max.age.ms': -1,
      'request.timeout': 3,
    });
    assert.equal(config.requestTimeoutMs, 5);
    assert.equal(clientId, 'me');
    assert.deepEqual(
      problems.map((problem) => [problem.property, problem.suggestion]),
      [
        ['retry.backoff.ms', undefined],
        ['metadata.max.age.ms', undefined],
        ['request.timeout', 'request.timeout.ms'],
      ],
    );
  });
});

describe('backing off', () => {
  it('doubles up to the maximum and stays within 20 % of that', () => {
    const random = new SeededRandom(1);
    const range = { firstMs: 100, maxMs: 1_000 };
    for (let failures = 1; failures < 2_000; failures++) {
      const plain = Math.min(1_000, 100 * 2 ** (failures - 1));
      const pause = backoffMs(range, failures, random);
      assert.ok(pause >= plain * 0.8 && pause <= plain * 1.2, `${failures}: ${pause}`);
    }
  });
});
