import type { Clock } from '../../base/clock.ts';
import type { TidemarkError } from '../../base/errors.ts';
import type { ProducerCluster, ProducerConnection } from '../producer-cluster.ts';
import type { BrokerNode } from './broker-node.ts';
import { isHopeless } from './produce-errors.ts';

export interface KeeperOptions {
  readonly clock: Clock;
  readonly reconnectBackoffMs: number;
  /** A connection is there, or may be tried again. */
  readonly onChange: () => void;
  /** The broker refuses this client for good: a wrong password, say. */
  readonly onRefused: (node: BrokerNode, error: TidemarkError) => void;
}

/** The connections to the leaders of batches that are ready, opened when first needed. */
export class ConnectionKeeper {
  private readonly options: KeeperOptions;

  constructor(options: KeeperOptions) {
    this.options = options;
  }

  /** Null while there is none; see `node.connectAtNs` for when to ask again, unless onChange comes first. */
  connectionOf(cluster: ProducerCluster, node: BrokerNode, nowNs: number): ProducerConnection | null {
    if (node.connection?.isOpen === true) return node.connection;
    node.connection = cluster.openConnectionTo(node.nodeId);
    if (node.connection !== null || node.isConnecting || node.connectAtNs > nowNs) return node.connection;
    node.isConnecting = true;
    const { clock, reconnectBackoffMs, onChange, onRefused } = this.options;
    cluster.connectionTo(node.nodeId).then(
      () => {
        node.isConnecting = false;
        onChange();
      },
      (error: TidemarkError) => {
        // The cluster backs off before it connects anew; perhaps the leader is another one by now.
        node.isConnecting = false;
        node.connectAtNs = clock.nowNs() + Math.max(reconnectBackoffMs, 1) * 1e6;
        cluster.requestRefresh();
        if (isHopeless(error)) onRefused(node, error);
        onChange();
      },
    );
    return null;
  }
}
