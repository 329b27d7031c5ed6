import type { Connection, ConnectionHandler, Endpoint, Listener } from '../../core/base/network.ts';
import { advertisedVersions } from '../../core/wire/advertised-versions.ts';
import type { Api } from '../../core/wire/api.ts';
import { decodeRequest, encodeResponse } from '../../core/wire/framing.ts';
import { apiVersionsApi } from '../../core/wire/messages/api-versions.ts';
import { initProducerIdApi } from '../../core/wire/messages/init-producer-id.ts';
import {
  type MetadataRequest,
  type MetadataResponse,
  metadataApi,
} from '../../core/wire/messages/metadata.ts';
import { type ProduceRequest, type ProduceResponse, produceApi } from '../../core/wire/messages/produce.ts';
import { APIS } from '../../core/wire/registry.ts';
import type { RequestHeader } from '../../core/wire/request-header.ts';
import type { Draft } from '../../core/wire/schema.ts';
import type { ClusterShape } from './cluster-shape.ts';
import type { ProduceFault } from './mischief.ts';
import type { ModelLog } from './model-log.ts';
import { ModelSession, type SessionHost, type SessionWorld } from './model-session.ts';
import type { ProducerIds } from './producer-ids.ts';
import type { SimulatedNetwork } from './simulated-network.ts';

const UNKNOWN_TOPIC_OR_PARTITION = 3;
const NOT_LEADER_OR_FOLLOWER = 6;
const COORDINATOR_LOAD_IN_PROGRESS = 14;
const UNKNOWN_TOPIC_ID = 100;
/** The first version of Produce that names topics by id, and the first that tells the new leader. */
const BY_ID_VERSION = 13;

type PartitionAnswer = Draft<ProduceResponse['responses'][number]['partitionResponses'][number]>;

/** What a broker asks of the cluster. */
export interface BrokerWorld extends SessionWorld {
  readonly network: SimulatedNetwork;
  readonly shape: ClusterShape;
  readonly producerIds: ProducerIds;
  readonly trace: (line: () => string) => void;
  spoken(apis: readonly Api<unknown, unknown>[]): Api<unknown, unknown>[];
  metadata(request: MetadataRequest): Draft<MetadataResponse>;
  topicById(topicId: string): string | null;
  logOf(topic: string, partition: number): ModelLog | null;
  drawProduceFault(): ProduceFault | null;
  liveNodes(): { nodeId: number; host: string; port: number }[];
}

/** One broker of the model: it stops and comes back, and answers from what the cluster knows. */
export class ModelBroker implements SessionHost {
  readonly id: number;
  readonly cluster: BrokerWorld;
  endpoint: Endpoint;
  readonly #sessions = new Set<ModelSession>();
  #listener: Listener | null = null;

  constructor(cluster: BrokerWorld, id: number) {
    this.cluster = cluster;
    this.id = id;
    this.endpoint = { host: `broker-${id}`, port: 9092 };
  }

  get isUp(): boolean {
    return this.#listener !== null;
  }

  start(): void {
    if (this.#listener !== null) return;
    this.#listener = this.cluster.network.listenNow(this.endpoint, (connection) => this.#accept(connection));
  }

  /** At once: what was not appended never will be. */
  stop(): void {
    void this.#listener?.close();
    this.#listener = null;
    this.dropConnections();
  }

  /** Ends every connection; requests under way on them are forgotten. */
  dropConnections(): void {
    for (const session of [...this.#sessions]) session.die();
    this.#sessions.clear();
  }

  /** Ends the connections that would never answer again. */
  dropMuted(): void {
    for (const session of [...this.#sessions]) if (session.isMuted) session.die();
  }

  /** The answer's frame; null: none; 'close': the connection ends instead. */
  handle(header: RequestHeader, frame: Buffer, isLate: boolean): Buffer | 'close' | null {
    const body = <Req, Res>(api: Api<Req, Res>): Req =>
      decodeRequest(api, header.apiVersion, frame, header.bodyOffset);
    const answer = <Req, Res>(api: Api<Req, Res>, response: Draft<Res>): Buffer =>
      Buffer.concat(encodeResponse(api, header.apiVersion, header.correlationId, response as never));
    const { cluster } = this;
    cluster.trace(
      () => `broker ${this.id} gets ${header.apiKey} #${header.correlationId}${isLate ? ' late' : ''}`,
    );
    switch (header.apiKey) {
      case apiVersionsApi.key:
        return answer(apiVersionsApi, { apiKeys: advertisedVersions(cluster.spoken(APIS)) });
      case metadataApi.key:
        return answer(metadataApi, cluster.metadata(body(metadataApi)));
      case initProducerIdApi.key: {
        if (cluster.chance(cluster.mischief.producerIdFaultChance))
          return answer(initProducerIdApi, { errorCode: COORDINATOR_LOAD_IN_PROGRESS });
        return answer(initProducerIdApi, cluster.producerIds.give());
      }
      case produceApi.key: {
        const request = body(produceApi);
        const response = this.#produce(request, header.apiVersion, isLate);
        if (request.acks !== 0) return answer(produceApi, response);
        if (cluster.chance(cluster.mischief.unaskedAnswerChance)) return answer(produceApi, response);
        const hasFailed = response.responses!.some((topic) =>
          topic.partitionResponses!.some((one) => one.errorCode !== 0),
        );
        return hasFailed ? 'close' : null;
      }
      default:
        throw new Error(`the model serves no API ${header.apiKey}`);
    }
  }

  #produce(request: ProduceRequest, version: number, isLate: boolean): Draft<ProduceResponse> {
    const { cluster } = this;
    const responses = request.topicData.map(({ name, topicId, partitionData }) => {
      const topic = version >= BY_ID_VERSION ? cluster.topicById(topicId) : name;
      const partitionResponses = partitionData.map(({ index, records }) => {
        if (topic === null) return { index, errorCode: UNKNOWN_TOPIC_ID, baseOffset: -1 };
        return this.#append(topic, index, records as Buffer, isLate);
      });
      return { name, topicId, partitionResponses };
    });
    const throttleTimeMs = cluster.chance(cluster.mischief.throttleChance) ? 20 : 0;
    return { responses, throttleTimeMs, nodeEndpoints: cluster.shape.hints ? cluster.liveNodes() : [] };
  }

  #append(topic: string, index: number, records: Buffer, isLate: boolean): PartitionAnswer {
    const { cluster } = this;
    const log = cluster.logOf(topic, index);
    const refuse = (errorCode: number) => ({ index, errorCode, baseOffset: -1 });
    if (log === null) return refuse(UNKNOWN_TOPIC_OR_PARTITION);
    if (log.leaderId !== this.id) {
      if (!cluster.shape.hints) return refuse(NOT_LEADER_OR_FOLLOWER);
      const { leaderId, leaderEpoch } = log;
      return { ...refuse(NOT_LEADER_OR_FOLLOWER), currentLeader: { leaderId, leaderEpoch } };
    }
    const fault = cluster.drawProduceFault();
    // A batch that is there, or that does not follow, is answered so before anything else can be wrong with it.
    const isAppendable = log.duplicateOf(records) === null && log.check(records) === 0;
    if (fault !== null && isAppendable) {
      if (fault.isAppended) log.append(records, isLate);
      cluster.trace(() => `  ${topic}-${index}: ${fault.code}${fault.isAppended ? ', appended' : ''}`);
      return refuse(fault.code);
    }
    const { errorCode, baseOffset } = log.append(records, isLate);
    cluster.trace(() => `  ${topic}-${index}: ${errorCode} at ${baseOffset}`);
    return { index, errorCode, baseOffset };
  }

  #accept(connection: Connection): ConnectionHandler {
    const session = new ModelSession(this, connection);
    this.#sessions.add(session);
    return {
      onData: (chunk) => session.onData(chunk),
      onClose: () => this.#sessions.delete(session),
    };
  }
}
