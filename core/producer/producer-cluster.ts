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

/** What the producer uses of core/client's Cluster. */
export interface ProducerCluster {
  cachedTopic(topic: string): TopicView | null;
  metadataFor(topic: string, lookup?: { readonly timeoutMs?: number }): Promise<TopicView>;
  requestRefresh(): void;
  onUpdate(listener: () => void): () => void;
  openConnectionTo(nodeId: number): ProducerConnection | null;
  connectionTo(nodeId: number): Promise<ProducerConnection>;
  close(): Promise<void>;
}
