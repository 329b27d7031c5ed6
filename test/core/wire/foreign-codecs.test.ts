import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import {
  createTopicsV7,
  describeConfigsV4,
  fetchV17,
  listOffsetsV9,
  metadataV12,
  produceV11,
  Reader,
} from '@platformatic/kafka';
import type { Api } from '../../../core/wire/api.ts';
import { decodeRequest, encodeRequest, encodeResponse } from '../../../core/wire/framing.ts';
import { createTopicsApi } from '../../../core/wire/messages/create-topics.ts';
import { describeConfigsApi } from '../../../core/wire/messages/describe-configs.ts';
import { fetchApi } from '../../../core/wire/messages/fetch.ts';
import { listOffsetsApi } from '../../../core/wire/messages/list-offsets.ts';
import { metadataApi } from '../../../core/wire/messages/metadata.ts';
import { produceApi } from '../../../core/wire/messages/produce.ts';
import { decodeRequestHeader } from '../../../core/wire/request-header.ts';
import type { Draft } from '../../../core/wire/schema.ts';

/* Two foreign implementations of the protocol: what they encode is read and written here byte for byte. */
const require = createRequire(import.meta.url);
const kafkajs = (path: string) => require(`kafkajs/src/protocol/${path}`);
const createKafkajsRequest = kafkajs('request');

const TOPIC_ID = '00112233445566778899aabbccddeeff';
const TOPIC_ID_HYPHENATED = '00112233-4455-6677-8899-aabbccddeeff';

function frameOf(chunks: readonly Uint8Array[]): Buffer {
  return Buffer.concat(chunks);
}

function bodyOf<Req, Res>(api: Api<Req, Res>, version: number, body: Draft<Req>): Buffer {
  const frame = frameOf(encodeRequest(api, version, { correlationId: 1, clientId: null }, body)).subarray(4);
  return frame.subarray(decodeRequestHeader(frame).bodyOffset);
}

async function kafkajsFrame(request: unknown): Promise<Buffer> {
  return (await createKafkajsRequest({ correlationId: 42, clientId: 'client-é', request })).buffer;
}

test('kafkajs: a Produce v7 frame reads here, and the same frame comes out again', async () => {
  const createRequest = kafkajs('requests/produce/v7/request');
  const foreign = await kafkajsFrame(
    createRequest({
      acks: -1,
      timeout: 3000,
      topicData: [
        {
          topic: 'events',
          partitions: [
            { partition: 3, firstSequence: 0, messages: [{ key: 'k', value: 'v', timestamp: 1700 }] },
          ],
        },
      ],
    }),
  );
  const frame = foreign.subarray(4);
  const header = decodeRequestHeader(frame);
  assert.deepEqual(
    [header.apiKey, header.apiVersion, header.correlationId, header.clientId],
    [0, 7, 42, 'client-é'],
  );
  const body = decodeRequest(produceApi, 7, frame, header.bodyOffset);
  assert.equal(body.acks, -1);
  assert.equal(body.topicData[0]?.name, 'events');
  const partition = body.topicData[0]!.partitionData[0]!;
  assert.equal(partition.index, 3);
  const again = encodeRequest(produceApi, 7, header, {
    ...body,
    topicData: [{ name: 'events', partitionData: [{ index: 3, records: [partition.records!] }] }],
  });
  assert.deepEqual(frameOf(again), foreign);
});

test('kafkajs: Metadata v6, Fetch v11 and ListOffsets v3 requests are the same bytes', async () => {
  const identity = { correlationId: 42, clientId: 'client-é' };
  assert.deepEqual(
    frameOf(
      encodeRequest(metadataApi, 6, identity, {
        topics: [{ name: 'a' }, { name: 'b' }],
        allowAutoTopicCreation: false,
      }),
    ),
    await kafkajsFrame(
      kafkajs('requests/metadata/v6/request')({ topics: ['a', 'b'], allowAutoTopicCreation: false }),
    ),
  );
  const fetch = { replicaId: -1, maxWaitTime: 500, minBytes: 1, maxBytes: 1e6, isolationLevel: 1 };
  const topics = [{ topic: 'a', partitions: [{ partition: 2, fetchOffset: 2 ** 40, maxBytes: 65536 }] }];
  assert.deepEqual(
    frameOf(
      encodeRequest(fetchApi, 11, identity, {
        maxWaitMs: 500,
        minBytes: 1,
        maxBytes: 1e6,
        isolationLevel: 1,
        topics: [
          { topic: 'a', partitions: [{ partition: 2, fetchOffset: 2 ** 40, partitionMaxBytes: 65536 }] },
        ],
      }),
    ),
    await kafkajsFrame(kafkajs('requests/fetch/v11/request')({ ...fetch, topics })),
  );
  const offsets = {
    replicaId: -1,
    isolationLevel: 0,
    topics: [{ topic: 'a', partitions: [{ partition: 0 }] }],
  };
  assert.deepEqual(
    frameOf(
      encodeRequest(listOffsetsApi, 3, identity, {
        topics: [{ name: 'a', partitions: [{ partitionIndex: 0, timestamp: -1 }] }],
      }),
    ),
    await kafkajsFrame(kafkajs('requests/listOffsets/v3/request')(offsets)),
  );
});

test('kafkajs: a Metadata v6 response written here is read there', async () => {
  const frame = frameOf(
    encodeResponse(metadataApi, 6, 42, {
      brokers: [{ nodeId: 1, host: 'localhost', port: 9092, rack: 'r' }],
      clusterId: 'c',
      controllerId: 1,
      topics: [
        { name: 'a', partitions: [{ leaderId: 1, leaderEpoch: 4, replicaNodes: [1, 2], isrNodes: [1] }] },
      ],
    }),
  );
  const decoded = await kafkajs('requests/metadata/v6/response').decode(frame.subarray(8));
  assert.deepEqual(decoded.brokers, [{ nodeId: 1, host: 'localhost', port: 9092, rack: 'r' }]);
  assert.equal(decoded.clusterId, 'c');
  assert.deepEqual(decoded.topicMetadata[0].partitionMetadata[0], {
    partitionErrorCode: 0,
    partitionId: 0,
    leader: 1,
    replicas: [1, 2],
    isr: [1],
    offlineReplicas: [],
  });
});

test('platformatic: flexible requests are the same bytes', () => {
  const topic = { name: 't'.repeat(130), numPartitions: 3, replicationFactor: 1 };
  const configs = [{ name: 'retention.ms', value: '1000' }];
  const assignments = [{ partitionIndex: 0, brokerIds: [1, 2] }];
  assert.deepEqual(
    bodyOf(createTopicsApi, 7, {
      topics: [{ ...topic, assignments, configs }],
      timeoutMs: 5000,
      validateOnly: true,
    }),
    createTopicsV7.createRequest([{ ...topic, assignments, configs }], 5000, true).buffer,
  );
  assert.deepEqual(
    bodyOf(metadataApi, 12, { topics: [{ name: 'é' }, { topicId: TOPIC_ID, name: null }] }),
    metadataV12.createRequest(['é', { topicId: TOPIC_ID_HYPHENATED }], true, false).buffer,
  );
  assert.deepEqual(
    bodyOf(describeConfigsApi, 4, {
      resources: [{ resourceType: 2, resourceName: 'a', configurationKeys: ['x'] }],
      includeSynonyms: true,
    }),
    describeConfigsV4.createRequest(
      [{ resourceType: 2, resourceName: 'a', configurationKeys: ['x'] }],
      true,
      false,
    ).buffer,
  );
  assert.deepEqual(
    bodyOf(listOffsetsApi, 9, {
      topics: [{ name: 'a', partitions: [{ partitionIndex: 1, currentLeaderEpoch: 2, timestamp: -3 }] }],
    }),
    listOffsetsV9.createRequest(-1, 0, [
      { name: 'a', partitions: [{ partitionIndex: 1, currentLeaderEpoch: 2, timestamp: -3n }] },
    ]).buffer,
  );
});

test('platformatic: a Fetch v17 request with a tagged directory id reads here and is written the same', () => {
  const partition = {
    partition: 1,
    currentLeaderEpoch: 5,
    fetchOffset: 1234567890123n,
    lastFetchedEpoch: -1,
    partitionMaxBytes: 1 << 20,
    replicaDirectoryId: TOPIC_ID_HYPHENATED,
  };
  const foreign = fetchV17.createRequest(
    500,
    1,
    1 << 24,
    0,
    0,
    -1,
    [{ topicId: TOPIC_ID_HYPHENATED, partitions: [partition] }],
    [],
    'rack',
  ).buffer;
  const body = decodeRequest(fetchApi, 17, foreign, 0);
  assert.equal(body.topics[0]?.topicId, TOPIC_ID);
  assert.equal(body.topics[0]?.partitions[0]?.replicaDirectoryId, TOPIC_ID);
  assert.equal(body.topics[0]?.partitions[0]?.fetchOffset, 1234567890123);
  assert.equal(body.rackId, 'rack');
  assert.deepEqual(bodyOf(fetchApi, 17, body), foreign);
});

test('platformatic: a Produce v11 request reads here; its response with tagged leaders is read there', () => {
  const foreign = produceV11.createRequest(1, 1500, [
    { topic: 'events', partition: 2, key: Buffer.from('k'), value: Buffer.from('v'), timestamp: 1700n },
  ]).buffer;
  const request = decodeRequest(produceApi, 11, foreign, 0);
  const sent = request.topicData[0]!.partitionData[0]!;
  assert.deepEqual([request.acks, request.timeoutMs, sent.index], [1, 1500, 2]);
  const again = {
    ...request,
    topicData: [{ name: 'events', partitionData: [{ index: 2, records: [sent.records!] }] }],
  };
  assert.deepEqual(bodyOf(produceApi, 11, again), foreign);

  const endpoint = { nodeId: 1, host: 'localhost', port: 9092, rack: null };
  const partition = {
    index: 2,
    baseOffset: 77,
    logStartOffset: 5,
    currentLeader: { leaderId: 1, leaderEpoch: 9 },
  };
  const frame = frameOf(
    encodeResponse(produceApi, 11, 1, {
      responses: [{ name: 'events', partitionResponses: [partition] }],
      throttleTimeMs: 8,
      nodeEndpoints: [endpoint],
    }),
  );
  const decoded = produceV11.parseResponse(1, 0, 11, Reader.from(frame.subarray(9)));
  assert.equal(decoded.responses[0]?.partitionResponses[0]?.baseOffset, 77n);
  assert.deepEqual(decoded.nodeEndpoints, [endpoint]);
  assert.deepEqual(
    decoded.responses[0]?.partitionResponses[0] &&
      {
        ...decoded.responses[0].partitionResponses[0],
      }.currentLeader,
    { leaderId: 1, leaderEpoch: 9 },
  );
});
