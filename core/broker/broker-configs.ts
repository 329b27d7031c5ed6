import type { Broker } from './broker.ts';
import { CONFIG_SOURCE, CONFIG_TYPE, type ConfigEntry } from './config-entry.ts';

/** A broker's configs under Kafka's names: few, but each is what the broker really does. */
export function describeBrokerConfigs(broker: Broker): ConfigEntry[] {
  const { cluster, limits } = broker;
  return [
    int('broker.id', broker.nodeId, "This broker's id."),
    {
      name: 'advertised.listeners',
      value: `PLAINTEXT://${broker.host}:${broker.port}`,
      source: CONFIG_SOURCE.staticBroker,
      type: CONFIG_TYPE.string,
      text: 'Where clients are told to connect.',
    },
    {
      name: 'auto.create.topics.enable',
      value: String(cluster.autoCreateTopics),
      source: CONFIG_SOURCE.staticBroker,
      type: CONFIG_TYPE.boolean,
      text: 'Whether asking for the metadata of a missing topic makes it.',
    },
    int('num.partitions', cluster.defaultPartitions, 'Partitions of a topic that does not say how many.'),
    int('default.replication.factor', 1, 'Replicas of a topic that does not say how many.'),
    int('socket.request.max.bytes', limits.requestMaxBytes, 'Largest request.'),
    int('fetch.max.bytes', limits.fetchMaxBytes, 'Largest fetch response, in bytes of records.'),
    int('max.connections', limits.maxConnections, 'Connections at one time.'),
    int(
      'producer.id.expiration.ms',
      limits.producerIdExpirationMs,
      'Idempotent producers silent for longer are forgotten.',
    ),
    int('connections.max.idle.ms', limits.connectionsMaxIdleMs, 'Connections silent for longer are closed.'),
  ];
}

function int(name: string, value: number, text: string): ConfigEntry {
  return { name, value: String(value), source: CONFIG_SOURCE.staticBroker, type: CONFIG_TYPE.int, text };
}
