import type { RequestCallbacks } from '../client/in-flight-requests.ts';
import type { Api } from '../wire/api.ts';
import type { Draft } from '../wire/schema.ts';
import type { TopicView } from './topic-state.ts';

/** What the producer uses of core/client's BrokerConnection. */
export interface ProducerConnection {
  readonly isOpen: boolean;
  /** Request bytes in all. */
  readonly wroteBytes: number;
  send<Req, Res>(api: Api<Req, Res>, body: NoInfer<Draft<Req>>, callbacks: RequestCallbacks<Res>): void;
}

/** A leader that a broker named when it was asked in vain (KIP-951). */
export interface LeaderHint {
  readonly topic: string;
  readonly partition: number;
  readonly leaderId: number;
  readonly leaderEpoch: number;
}

/** Where a broker listens. */
export interface NodeHint {
  readonly nodeId: number;
  readonly host: string;
  readonly port: number;
  readonly rack: string | null;
}

/** What the producer uses of core/client's Cluster. */
export interface ProducerCluster {
  cachedTopic(topic: string): TopicView | null;
  metadataFor(topic: string, lookup?: { readonly timeoutMs?: number }): Promise<TopicView>;
  requestRefresh(): void;
  onUpdate(listener: () => void): () => void;
  openConnectionTo(nodeId: number): ProducerConnection | null;
  connectionTo(nodeId: number): Promise<ProducerConnection>;
  anyConnection(): Promise<ProducerConnection>;
  /** Takes over leaders newer than those known. */
  noteLeaders(leaders: readonly LeaderHint[], nodes: readonly NodeHint[]): void;
  /** Asked for each topic whenever metadata comes: one not wanted is forgotten. */
  retainTopics(isWanted: (topic: string) => boolean): void;
  close(): Promise<void>;
}
