import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import fc from 'fast-check';
import { apiVersionsApi } from '../../../core/wire/messages/api-versions.ts';
import { produceApi } from '../../../core/wire/messages/produce.ts';
import { batchOf } from './batches.ts';
import { frameOf, RawClient } from './raw-client.ts';
import { createTopic, listOffset, produce, produceBody } from './requests.ts';
import { startTestCluster, type TestCluster } from './test-cluster.ts';

const LENGTH_BYTES = 4;

/** A frame of these bytes, its length prefix put before it. */
function framed(body: Uint8Array): Buffer {
  const frame = Buffer.alloc(LENGTH_BYTES + body.length);
  frame.writeInt32BE(body.length, 0);
  frame.set(body, LENGTH_BYTES);
  return frame;
}

describe('hostile input', () => {
  let cluster: TestCluster;
  let witness: RawClient;
  before(async () => {
    cluster = await startTestCluster({ limits: { requestMaxBytes: 1_000_000 } });
    witness = await RawClient.connect(cluster.ports[0]!);
    await createTopic(witness, 'witness');
    await createTopic(witness, 'victim');
  });
  after(async () => {
    witness.close();
    await cluster.close();
    assert.deepEqual(cluster.failures, [], 'no input may reach a defect');
  });

  /** The broker serves another client as before, holds nothing for the one that went. */
  async function assertUnharmed(): Promise<void> {
    const { offset } = await listOffset(witness, 'witness', -1);
    const answer = await produce(witness, 'witness', batchOf(['still here']));
    assert.deepEqual([answer.errorCode, answer.baseOffset], [0, offset]);
    assert.equal(cluster.stats().heldBytes, 0);
  }

  /** Sends the bytes and waits until the broker has closed the connection. */
  async function assertDisconnected(bytes: Uint8Array, what: string): Promise<void> {
    const client = await RawClient.connect(cluster.ports[0]!);
    client.write(bytes);
    assert.equal(await client.nextFrame(), null, what);
    await client.closed;
  }

  it('of a length that is negative or too large closes the connection', async () => {
    for (const length of [-1, -0x8000_0000, 1_000_001, 0x7fff_ffff]) {
      const prefix = Buffer.alloc(LENGTH_BYTES);
      prefix.writeInt32BE(length);
      await assertDisconnected(prefix, String(length));
    }
    await assertDisconnected(Buffer.from('GET / HTTP/1.1\r\nHost: x\r\n\r\n'), 'another protocol');
    await assertUnharmed();
  });

  it('of an unknown key or version closes the connection', async () => {
    const good = frameOf(produceApi, 9, 1, produceBody('victim', batchOf(['x'])));
    for (const key of [-1, -0x8000, 4, 17, 22, 24, 99, 0x7fff]) {
      const frame = Buffer.from(good);
      frame.writeInt16BE(key, LENGTH_BYTES);
      await assertDisconnected(frame, `key ${key}`);
    }
    for (const version of [-1, 0, 2, 14, 0x7fff, -0x8000]) {
      const frame = Buffer.from(good);
      frame.writeInt16BE(version, LENGTH_BYTES + 2);
      await assertDisconnected(frame, `Produce v${version}`);
    }
    await assertUnharmed();
    assert.equal((await listOffset(witness, 'victim', -1)).offset, 0);
  });

  it('of an unknown ApiVersions version is answered in v0 with the versions that are', async () => {
    const client = await RawClient.connect(cluster.ports[0]!);
    for (const version of [5, 99, -1]) {
      const frame = frameOf(apiVersionsApi, 4, 77, { clientSoftwareName: 'x', clientSoftwareVersion: '1' });
      frame.writeInt16BE(version, LENGTH_BYTES + 2);
      client.write(frame);
      const answer = (await client.nextFrame())!;
      assert.equal(answer.toString('hex'), `0000004d${'0023'}${'00000001'}${'0012'}${'0000'}${'0004'}`);
    }
    const served = await client.ask(apiVersionsApi, 0, {});
    assert.ok(served.apiKeys.length > 5, 'the connection goes on');
    client.close();
  });

  it('cut at every byte, and framed as if whole, harms nobody', async () => {
    for (const version of [3, 9]) {
      const whole = frameOf(produceApi, version, 1, produceBody('victim', batchOf(['abc']))).subarray(
        LENGTH_BYTES,
      );
      for (let length = 0; length < whole.length; length++) {
        const client = await RawClient.connect(cluster.ports[0]!);
        client.write(framed(whole.subarray(0, length)));
        const answer = await client.nextFrame();
        assert.equal(answer, null, `v${version} cut to ${length} of ${whole.length} bytes`);
      }
    }
    await assertUnharmed();
    assert.equal((await listOffset(witness, 'victim', -1)).offset, 0, 'nothing was appended');
  });

  it('cut at every byte of the stream, with the connection then closed, harms nobody', async () => {
    const whole = frameOf(produceApi, 9, 1, produceBody('victim', batchOf(['abc'])));
    for (let length = 0; length < whole.length; length++) {
      const client = await RawClient.connect(cluster.ports[0]!);
      client.socket.end(whole.subarray(0, length));
      await client.closed;
    }
    await assertUnharmed();
    assert.equal((await listOffset(witness, 'victim', -1)).offset, 0);
  });

  it('with any byte changed is answered or refused, and a changed batch is never appended', async () => {
    const whole = frameOf(produceApi, 9, 1, produceBody('victim', batchOf(['abc'])));
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: LENGTH_BYTES, max: whole.length - 1 }),
        fc.integer({ min: 1, max: 255 }),
        (at, flip) =>
          exchange((copy) => {
            copy[at]! ^= flip;
          }),
      ),
      { numRuns: 300 },
    );
    await assertUnharmed();

    async function exchange(change: (copy: Buffer) => void): Promise<void> {
      const copy = Buffer.from(whole);
      change(copy);
      const client = await RawClient.connect(cluster.ports[0]!);
      client.write(copy);
      // What reads as acks=0 or as a fetch is answered late or never: the end of the stream ends it.
      setTimeout(() => client.socket.end(), 20);
      await client.nextFrame();
      client.close();
      await client.closed;
    }
  });

  it('of arrays with millions of elements closes the connection instead of filling the heap', async () => {
    const count = 1_500_000;
    const names = Buffer.alloc(count * 2);
    const head = Buffer.from('00030001000000010000', 'hex');
    const body = Buffer.concat([head, Buffer.alloc(4), names]);
    body.writeInt32BE(count, head.length);
    const roomy = await startTestCluster();
    const client = await RawClient.connect(roomy.ports[0]!);
    client.write(framed(body));
    assert.equal(await client.nextFrame(), null);
    assert.match(roomy.stats().lastDisconnectReason!, /more than 1000000 elements/);
    await roomy.close();
  });

  it('of random bytes in a frame harms nobody', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(0, 1, 2, 3, 18, 19, 20, 32),
        fc.integer({ min: 0, max: 13 }),
        fc.uint8Array({ maxLength: 200 }),
        async (key, version, rest) => {
          const body = Buffer.alloc(8 + rest.length);
          body.writeInt16BE(key, 0);
          body.writeInt16BE(version, 2);
          body.set(rest, 8);
          const client = await RawClient.connect(cluster.ports[0]!);
          client.write(framed(body));
          setTimeout(() => client.socket.end(), 10);
          await client.nextFrame();
          client.close();
          await client.closed;
        },
      ),
      { numRuns: 200 },
    );
    await assertUnharmed();
  });
});
