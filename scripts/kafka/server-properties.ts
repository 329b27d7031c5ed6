import type { TlsFiles } from './certificates.ts';
import { LISTENERS, type ListenerName, listenerProperties } from './listeners.ts';

/** What a node is told; each node is broker and controller. */
export interface NodeSettings {
  readonly nodeId: number;
  readonly nodeCount: number;
  /** Of every node's controller, by node id - 1. */
  readonly controllerPorts: readonly number[];
  /** Of this node. */
  readonly ports: ReadonlyMap<ListenerName, number>;
  readonly dataDirectory: string;
  readonly tlsFiles: TlsFiles | null;
  /** Wins over everything else. */
  readonly config: Readonly<Record<string, string>>;
}

export const HOST = '127.0.0.1';

/** The text of server.properties. */
export function serverProperties(settings: NodeSettings): string {
  const { nodeId, nodeCount, controllerPorts, ports, dataDirectory, tlsFiles, config } = settings;
  const names = [...ports.keys()];
  const listeners = names.map((name) => `${LISTENERS[name].kafkaName}://${HOST}:${ports.get(name)}`);
  const protocols = names.map((name) => `${LISTENERS[name].kafkaName}:${LISTENERS[name].protocol}`);
  const replicas = String(nodeCount);
  const properties: Record<string, string> = {
    'process.roles': 'broker,controller',
    'node.id': String(nodeId),
    'controller.quorum.voters': controllerPorts
      .map((port, index) => `${index + 1}@${HOST}:${port}`)
      .join(','),
    listeners: [...listeners, `CONTROLLER://${HOST}:${controllerPorts[nodeId - 1]}`].join(','),
    'advertised.listeners': listeners.join(','),
    'listener.security.protocol.map': [...protocols, 'CONTROLLER:PLAINTEXT'].join(','),
    'controller.listener.names': 'CONTROLLER',
    'inter.broker.listener.name': LISTENERS.plain.kafkaName,
    'log.dirs': dataDirectory,
    ...listenerProperties(names, tlsFiles),
    'offsets.topic.replication.factor': replicas,
    'offsets.topic.num.partitions': '3',
    'transaction.state.log.replication.factor': replicas,
    'transaction.state.log.min.isr': String(Math.min(2, nodeCount)),
    'share.coordinator.state.topic.replication.factor': replicas,
    'share.coordinator.state.topic.min.isr': String(Math.min(2, nodeCount)),
    'group.initial.rebalance.delay.ms': '0',
    // A fast producer writes some hundred megabytes per second: what is kept is bounded by size, and never by time.
    'log.segment.bytes': '67108864',
    'log.retention.bytes': '268435456',
    'log.retention.ms': '-1',
    'log.retention.check.interval.ms': '2000',
    'log.segment.delete.delay.ms': '1000',
    ...config,
  };
  return Object.entries(properties)
    .map(([name, value]) => `${name}=${escapeValue(value)}\n`)
    .join('');
}

/** As java.util.Properties reads it back. */
function escapeValue(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replace(/^ /, '\\ ');
}
