import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { TidemarkError } from '../../../core/base/errors.ts';
import { SeededRandom } from '../../../core/base/random.ts';
import { BrokerConnection } from '../../../core/client/broker-connection.ts';
import { PLAINTEXT } from '../../../core/client/security/security-config.ts';
import { encodeUnsupportedApiVersions } from '../../../core/wire/advertised-versions.ts';
import { encodeResponse } from '../../../core/wire/framing.ts';
import { apiVersionsApi } from '../../../core/wire/messages/api-versions.ts';
import { fetchApi } from '../../../core/wire/messages/fetch.ts';
import { metadataApi } from '../../../core/wire/messages/metadata.ts';
import { produceApi } from '../../../core/wire/messages/produce.ts';
import { VirtualClock } from '../base/virtual-clock.ts';
import { type Exchange, FakeBroker } from './fake-broker.ts';
import { PipeNetwork } from './pipe-network.ts';

const ZERO_ID = '0'.repeat(32);

async function setUp(
  options: { chunkBytes?: number; tellsWrittenLate?: boolean; maxResponseBytes?: number } = {},
) {
  const clock = new VirtualClock();
  const network = new PipeNetwork({ clock, ...options });
  const broker = await FakeBroker.listen(network);
  const open = () =>
    BrokerConnection.open({
      network,
      clock,
      endpoint: broker.endpoint,
      clientId: 'tester',
      requestTimeoutMs: 30_000,
      connectTimeoutMs: 10_000,
      maxResponseBytes: options.maxResponseBytes ?? 1_000_000,
      security: PLAINTEXT,
      random: new SeededRandom(1),
      isFirstContact: false,
    });
  return { clock, network, broker, open };
}

/** Sends `count` Metadata requests; the outcomes in the order they came. */
function sendMany(connection: BrokerConnection, count: number, timeoutMs?: number) {
  const outcomes: { index: number; kind: string; error: TidemarkError | null }[] = [];
  for (let index = 0; index < count; index++) {
    connection.send(
      metadataApi,
      { topics: [] },
      {
        timeoutMs,
        onResponse: (error) => outcomes.push({ index, kind: error?.kind ?? 'ok', error }),
      },
    );
  }
  return outcomes;
}

/** Keeps requests unanswered; answer(i) answers the i-th. */
function holding(broker: FakeBroker) {
  const held: Exchange[] = [];
  broker.handlers.set(metadataApi.key, (exchange) => held.push(exchange));
  return held;
}

describe('opening a connection', () => {
  it('takes the highest version both sides speak, and says so when there is none', async () => {
    const { broker, open } = await setUp();
    broker.on(apiVersionsApi, () => ({
      apiKeys: [
        { apiKey: metadataApi.key, minVersion: 0, maxVersion: 5 },
        { apiKey: produceApi.key, minVersion: 0, maxVersion: 99 },
        { apiKey: fetchApi.key, minVersion: 90, maxVersion: 99 },
      ],
    }));
    const connection = await open();
    assert.equal(connection.versionOf(metadataApi), 5);
    // Limited for one request, it is not so for the others.
    assert.equal(connection.versionOf({ ...produceApi, maxVersion: 12 }), 12);
    assert.equal(connection.versionOf(produceApi), produceApi.maxVersion);
    assert.equal(connection.versionOf({ ...produceApi, maxVersion: 11 }), 11);
    assert.throws(() => connection.versionOf(fetchApi), {
      kind: 'UNSUPPORTED_VERSION',
      message: /speaks Fetch in versions 90 to 99, this client in 4 to/,
    });
    await assert.rejects(connection.request(fetchApi, {}), { kind: 'UNSUPPORTED_VERSION' });
    assert.equal(connection.isOpen, true);
  });

  it('asks again in the version named when its own ApiVersions version is refused', async () => {
    const { broker, open } = await setUp();
    broker.handlers.set(apiVersionsApi.key, (exchange) => {
      const { apiVersion, correlationId } = exchange.header;
      if (apiVersion > 2) {
        const refusal = encodeResponse(apiVersionsApi, 0, correlationId, {
          errorCode: 35,
          apiKeys: [{ apiKey: 18, minVersion: 0, maxVersion: 2 }],
        });
        exchange.respondRaw(...refusal);
      } else exchange.respond(apiVersionsApi, { apiKeys: [{ apiKey: 3, minVersion: 0, maxVersion: 1 }] });
    });
    const connection = await open();
    assert.deepEqual(
      broker.requests.map((header) => header.apiVersion),
      [4, 2],
    );
    assert.equal(connection.versionOf(metadataApi), 1);
  });

  it('falls back to version 0 when the refusal names no version, and gives up when that is refused', async () => {
    const { broker, open } = await setUp();
    broker.handlers.set(apiVersionsApi.key, (exchange) => {
      const refusal = encodeResponse(apiVersionsApi, 0, exchange.header.correlationId, { errorCode: 35 });
      exchange.respondRaw(...refusal);
    });
    await assert.rejects(open(), { kind: 'UNSUPPORTED_VERSION' });
    assert.deepEqual(
      broker.requests.map((header) => header.apiVersion),
      [4, 0],
    );
    broker.handlers.set(apiVersionsApi.key, (exchange) =>
      exchange.respondRaw(...encodeUnsupportedApiVersions(exchange.header.correlationId)),
    );
    await assert.rejects(open(), { kind: 'UNSUPPORTED_VERSION' });
  });

  it('names what answers instead of Kafka, and leaves no connection or timer', async () => {
    const { broker, open, network, clock } = await setUp();
    const answers: [(exchange: Exchange) => void, string, RegExp][] = [
      [
        ({ connection }) => connection.close(),
        'NETWORK',
        /closed the connection during ApiVersions: is it a plaintext Kafka listener\?/,
      ],
      [
        (exchange) => exchange.respondRaw(Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n')),
        'PROTOCOL',
        /answered "HTTP\/1\.1 400.*HTTP server/,
      ],
      [
        (exchange) => exchange.respondRaw(Buffer.from('15030300020246', 'hex')),
        'AUTHENTICATION',
        /TLS listener/,
      ],
      [
        (exchange) => exchange.respondRaw(Buffer.from('ffffffff00', 'hex')),
        'PROTOCOL',
        /is it a plaintext Kafka listener/,
      ],
      [
        (exchange) => exchange.respondRaw(Buffer.from('0000000100', 'hex')),
        'PROTOCOL',
        /does not speak Kafka/,
      ],
      [() => {}, 'TIMEOUT', /did not answer ApiVersions/],
    ];
    for (const [answer, kind, message] of answers) {
      broker.handlers.set(apiVersionsApi.key, answer);
      await assert.rejects(clock.runUntil(open()), { kind, message });
      await clock.settle();
      assert.equal(network.openConnections, 0);
      assert.equal(clock.pendingTimers, 0);
    }
  });

  it('tells host, port and reason of a server that cannot be reached', async () => {
    const { broker, open, network, clock } = await setUp();
    await broker.close();
    await assert.rejects(open(), {
      kind: 'NETWORK',
      retriable: true,
      message: `cannot connect to 127.0.0.1:${broker.endpoint.port}: connect ECONNREFUSED 127.0.0.1:${broker.endpoint.port}`,
    });
    network.blackholes.add(broker.endpoint.port);
    await assert.rejects(clock.runUntil(open()), { kind: 'NETWORK', message: /within 10000 ms/ });
  });
});

describe('requests of a connection', () => {
  for (const chunkBytes of [1, 7, 1_000_000]) {
    it(`gives each of many in flight its own response, read in chunks of ${chunkBytes}`, async () => {
      const { broker, open } = await setUp({ chunkBytes });
      broker.on(metadataApi, (request) => ({
        topics: request.topics!.map(({ name }) => ({ name, topicId: ZERO_ID })),
      }));
      const connection = await open();
      const names = Array.from({ length: 40 }, (_, index) => `topic-${index}`);
      const responses = names.map((name) => connection.request(metadataApi, { topics: [{ name }] }));
      assert.equal(connection.inFlight, 40);
      const found = (await Promise.all(responses)).map((response) => response.topics[0]!.name);
      assert.deepEqual(found, names);
      assert.equal(connection.inFlight, 0);
      assert.equal(connection.wroteRequests, 41);
      assert.ok(broker.requests.every((header) => header.clientId === 'tester'));
    });
  }

  it('tells when a request is written, before its response, and counts its bytes', async () => {
    const { broker, open, clock } = await setUp();
    broker.on(metadataApi, () => ({}));
    const connection = await open();
    const before = connection.wroteBytes;
    const events: string[] = [];
    await new Promise<void>((resolve) => {
      connection.send(
        metadataApi,
        { topics: [] },
        {
          onWritten: (writtenNs) => events.push(`written ${writtenNs === clock.nowNs()}`),
          onResponse: () => {
            events.push('response');
            resolve();
          },
        },
      );
    });
    assert.deepEqual(events, ['written true', 'response']);
    assert.ok(connection.wroteBytes - before > 20);
  });

  it('ends a request without response once it is written, among others that get one', async () => {
    const { broker, open, clock } = await setUp();
    const held = holding(broker);
    broker.handlers.set(produceApi.key, () => {});
    const connection = await open();
    const events: string[] = [];
    const note = (what: string) => (error: TidemarkError | null) =>
      events.push(`${what} ${error?.kind ?? 'ok'}`);
    const none = { acks: 0, timeoutMs: 1 };
    connection.send(produceApi, none, { noResponse: true, onResponse: note('none 1') });
    connection.send(metadataApi, {}, { onResponse: note('metadata') });
    connection.send(produceApi, none, { noResponse: true, onResponse: note('none 2') });
    await clock.settle();
    assert.deepEqual(events.splice(0), ['none 1 ok', 'none 2 ok']);
    assert.equal(connection.inFlight, 1);
    held[0]!.respond(metadataApi, {});
    await clock.settle();
    assert.deepEqual(events, ['metadata ok']);
    assert.equal(await connection.request(produceApi, none, { noResponse: true }), null);
    assert.equal(connection.inFlight, 0);
  });

  it('times out a request that the broker does not take, response or not', async () => {
    const { broker, open, clock } = await setUp();
    const connection = await open();
    for (const each of broker.connections) each.pause();
    const kinds: string[] = [];
    const onResponse = (error: TidemarkError | null) => kinds.push(`${error?.kind}: ${error?.message}`);
    connection.send(produceApi, { acks: 0, timeoutMs: 1 }, { noResponse: true, onResponse });
    assert.ok(connection.pendingBytes > 0);
    await clock.advance(30_000);
    assert.equal(kinds.length, 1);
    assert.match(kinds[0]!, /^TIMEOUT: Produce .* could not be written within 30000 ms/);
  });

  it('closes on a time-out: TIMEOUT for what is late, retriable NETWORK for the rest, each once', async () => {
    const { broker, open, clock, network } = await setUp();
    holding(broker);
    const connection = await open();
    const closes: string[] = [];
    connection.onClose((error) => closes.push(error.kind));
    const outcomes = sendMany(connection, 2);
    await clock.advance(10_000);
    const later = sendMany(connection, 3);
    assert.equal(clock.pendingTimers, 1);
    await clock.advance(19_999);
    assert.deepEqual([...outcomes, ...later], []);
    await clock.advance(1);
    assert.deepEqual(
      outcomes.map((outcome) => outcome.kind),
      ['TIMEOUT', 'TIMEOUT'],
    );
    assert.match(outcomes[0]!.error!.message, /Metadata request \d+ to .* got no response within 30000 ms/);
    assert.deepEqual(
      later.map(({ index, kind, error }) => [index, kind, error!.retriable]),
      [
        [0, 'NETWORK', true],
        [1, 'NETWORK', true],
        [2, 'NETWORK', true],
      ],
    );
    await clock.settle();
    assert.deepEqual(closes, ['NETWORK']);
    assert.equal(connection.isOpen, false);
    assert.equal(network.openConnections, 0);
    assert.equal(clock.pendingTimers, 0);
  });

  it('minds a shorter time-out of one request behind a longer one', async () => {
    const { broker, open, clock } = await setUp();
    holding(broker);
    const connection = await open();
    const slow = sendMany(connection, 1);
    const quick = sendMany(connection, 1, 500);
    await clock.advance(500);
    assert.deepEqual([slow[0]?.kind, quick[0]?.kind], ['NETWORK', 'TIMEOUT']);
  });

  it('does not close a connection that answers in time, again and again', async () => {
    const { broker, open, clock } = await setUp();
    const held = holding(broker);
    const connection = await open();
    for (let round = 0; round < 10; round++) {
      const outcomes = sendMany(connection, 1);
      await clock.advance(29_000);
      held.pop()!.respond(metadataApi, {});
      await clock.settle();
      assert.equal(outcomes[0]?.kind, 'ok');
    }
    connection.close();
    assert.equal(clock.pendingTimers, 0);
  });

  it('ends everything in flight once with a retriable NETWORK error when the broker goes away', async () => {
    const { broker, open, clock } = await setUp();
    holding(broker);
    const connection = await open();
    const outcomes = sendMany(connection, 20);
    await clock.settle();
    broker.dropConnections();
    await clock.settle();
    assert.deepEqual(
      outcomes.map((outcome) => outcome.index),
      Array.from({ length: 20 }, (_, index) => index),
    );
    assert.ok(outcomes.every(({ error }) => error!.kind === 'NETWORK' && error!.retriable));
    const late = sendMany(connection, 1);
    assert.equal(late.length, 0, 'never inside send()');
    await clock.settle();
    assert.equal(late[0]?.kind, 'NETWORK');
  });

  it('lets a callback send again and close, in the middle of a chunk', async () => {
    const { broker, open, clock } = await setUp();
    broker.on(metadataApi, () => ({}));
    const connection = await open();
    const events: string[] = [];
    connection.send(
      metadataApi,
      {},
      {
        onResponse: () => {
          events.push('first');
          connection.send(
            metadataApi,
            {},
            {
              onWritten: () => connection.close(),
              onResponse: (error) => events.push(`second ${error?.kind}`),
            },
          );
        },
      },
    );
    await clock.settle();
    assert.deepEqual(events, ['first', 'second NETWORK']);
  });

  it('says written before the response even where the network says so late, and survives a close then', async () => {
    const { broker, open, clock } = await setUp({ tellsWrittenLate: true });
    broker.on(metadataApi, () => ({}));
    broker.handlers.set(produceApi.key, () => {});
    const connection = await open();
    const events: string[] = [];
    const send = (name: string, onWritten = () => {}) =>
      connection.send(
        metadataApi,
        {},
        {
          onWritten: () => {
            events.push(`${name} written`);
            onWritten();
          },
          onResponse: (error) => events.push(`${name} ${error?.kind ?? 'ok'}`),
        },
      );
    send('one');
    connection.send(
      produceApi,
      { acks: 0 },
      { noResponse: true, onResponse: (error) => events.push(`none ${error?.kind ?? 'ok'}`) },
    );
    send('two');
    await clock.settle();
    assert.deepEqual(events.splice(0), ['one written', 'one ok', 'none ok', 'two written', 'two ok']);
    send('three');
    await clock.settle();
    assert.deepEqual(events.splice(0), ['three written', 'three ok']);
    send('four', () => connection.close());
    await clock.settle();
    assert.deepEqual(events, ['four written', 'four NETWORK']);
  });

  it('keeps the buffers of a promised response valid', async () => {
    const { broker, open, clock } = await setUp();
    const records = Buffer.from('these bytes outlive the chunk they came in');
    broker.on(fetchApi, () => ({
      responses: [{ topic: 't', topicId: ZERO_ID, partitions: [{ partitionIndex: 0, records: [records] }] }],
    }));
    const connection = await open();
    const response = await connection.request(fetchApi, {}, { version: 12 });
    await clock.settle();
    assert.deepEqual(response.responses[0]!.partitions[0]!.records, records);
  });
});

describe('a hostile broker', () => {
  const frame = (hex: string) => {
    const body = Buffer.from(hex, 'hex');
    const length = Buffer.alloc(4);
    length.writeInt32BE(body.length);
    return Buffer.concat([length, body]);
  };
  const attacks: [string, (exchange: Exchange) => Uint8Array[]][] = [
    [
      'a wrong correlation id',
      ({ header }) => encodeResponse(metadataApi, header.apiVersion, header.correlationId + 1, {}),
    ],
    ['a negative length', () => [Buffer.from('80000000', 'hex')]],
    ['a length above the bound', () => [Buffer.from('7fffffff', 'hex')]],
    ['a frame without a header', () => [frame('00')]],
    ['an empty frame', () => [frame('')]],
    [
      'an array longer than its frame',
      ({ header }) => [frame(`${hex32(header.correlationId)}00000000007fffffff0f`)],
    ],
    [
      'bytes after the body',
      ({ header }) => {
        const chunks = encodeResponse(metadataApi, header.apiVersion, header.correlationId, {});
        return [frame(`${Buffer.concat(chunks).toString('hex', 4)}00`)];
      },
    ],
    ['a truncated body', ({ header }) => [frame(`${hex32(header.correlationId)}0000`)]],
  ];
  for (const [name, attack] of attacks) {
    it(`${name} is a PROTOCOL error for the request due, NETWORK for the others, and closes`, async () => {
      const { broker, open, clock, network } = await setUp();
      const held = holding(broker);
      const connection = await open();
      const outcomes = sendMany(connection, 3);
      await clock.settle();
      held[0]!.respondRaw(...attack(held[0]!));
      await clock.settle();
      assert.deepEqual(
        outcomes.map((outcome) => outcome.kind),
        ['PROTOCOL', 'NETWORK', 'NETWORK'],
      );
      assert.equal(outcomes[1]!.error!.retriable, true);
      assert.equal(network.openConnections, 0);
      assert.equal(clock.pendingTimers, 0);
    });
  }

  it('answers nobody asked for close the connection', async () => {
    const { broker, open, clock } = await setUp();
    const connection = await open();
    const closed: TidemarkError[] = [];
    connection.onClose((error) => closed.push(error));
    for (const each of broker.connections) each.write([frame('0000000000')]);
    await clock.settle();
    assert.equal(closed[0]?.kind, 'PROTOCOL');
    assert.match(closed[0]!.message, /no request waits/);
  });

  it('a response that drips in for ever ends with the time-out', async () => {
    const { broker, open, clock } = await setUp();
    const held = holding(broker);
    const connection = await open();
    const outcomes = sendMany(connection, 1);
    await clock.settle();
    held[0]!.respondRaw(Buffer.from('000f0000', 'hex'));
    for (let second = 0; second < 31; second++) {
      held[0]!.respondRaw(Buffer.from([0]));
      await clock.advance(1_000);
    }
    assert.equal(outcomes[0]?.kind, 'TIMEOUT');
    assert.equal(connection.isOpen, false);
  });
});

function hex32(value: number): string {
  return value.toString(16).padStart(8, '0');
}
