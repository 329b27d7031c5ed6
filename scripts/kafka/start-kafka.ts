import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeAtTheEnd } from './bound-process.ts';
import { makeCertificates, type TlsFiles } from './certificates.ts';
import { findFreePorts } from './free-ports.ts';
import { KafkaNode } from './kafka-node.ts';
import {
  findKafka,
  type KafkaJava,
  outputOfTool,
  runTool,
  type ToolOptions,
  type ToolResult,
} from './kafka-tool.ts';
import {
  clientProperties,
  type ListenerName,
  type SaslMechanism,
  USERS,
  type Users,
  usesTls,
} from './listeners.ts';
import { HOST } from './server-properties.ts';

export interface KafkaOptions {
  readonly brokers?: 1 | 3;
  /** `plain` is there in any case. */
  readonly listeners?: readonly ListenerName[];
  /** Of server.properties. */
  readonly config?: Readonly<Record<string, string>>;
  /** Of the brokers' JVMs, after -Xmx600m -XX:+UseSerialGC. */
  readonly javaFlags?: readonly string[];
}

/** A port that was free may be taken by the time a broker binds it. */
const START_ATTEMPTS = 3;

/**
 * Starts Apache Kafka 4.1 on free ports of 127.0.0.1 with its data in a temporary directory. Whatever happens to this
 * process, brokers and directory go with it. Throws KafkaUnavailableError when Java, Maven or openssl are missing.
 */
export async function startKafka(options: KafkaOptions = {}): Promise<KafkaCluster> {
  const kafka = await findKafka();
  for (let attempt = 1; ; attempt++) {
    try {
      return await startOnce(kafka, options);
    } catch (error) {
      const isTaken = error instanceof Error && /Address already in use|BindException/.test(error.message);
      if (!isTaken || attempt === START_ATTEMPTS) throw error;
    }
  }
}

async function startOnce(kafka: KafkaJava, options: KafkaOptions): Promise<KafkaCluster> {
  const directory = mkdtempSync(join(tmpdir(), 'tidemark-kafka-'));
  const forgetDirectory = removeAtTheEnd(directory);
  let nodes: KafkaNode[] = [];
  const cleanUp = async (): Promise<void> => {
    await Promise.allSettled(nodes.map((node) => node.stop({ isHard: true })));
    rmSync(directory, { recursive: true, force: true });
    forgetDirectory();
  };
  try {
    const names = [...new Set<ListenerName>(['plain', ...(options.listeners ?? [])])];
    const tlsFiles = names.some(usesTls) ? await makeCertificates(directory, kafka.java) : null;
    nodes = await makeNodes(kafka, directory, { names, tlsFiles, options });
    const clusterId = Buffer.from(randomUUID().replaceAll('-', ''), 'hex').toString('base64url');
    await Promise.all(nodes.map((node) => node.format(clusterId)));
    await Promise.all(nodes.map((node) => node.start()));
    return new KafkaCluster({ kafka, nodes, tlsFiles, cleanUp });
  } catch (error) {
    await cleanUp();
    throw error;
  }
}

async function makeNodes(
  kafka: KafkaJava,
  directory: string,
  { names, tlsFiles, options }: { names: ListenerName[]; tlsFiles: TlsFiles | null; options: KafkaOptions },
): Promise<KafkaNode[]> {
  const nodeCount = options.brokers ?? 1;
  const freePorts = await findFreePorts(nodeCount * (names.length + 1));
  const controllerPorts = freePorts.splice(0, nodeCount);
  return Promise.all(
    Array.from({ length: nodeCount }, async (_, index) => {
      const nodeId = index + 1;
      const home = join(directory, `node-${nodeId}`);
      await mkdir(home);
      const ports = new Map(names.map((name) => [name, freePorts.pop()!]));
      const settings = {
        nodeId,
        nodeCount,
        controllerPorts,
        ports,
        dataDirectory: join(home, 'data'),
        tlsFiles,
        config: options.config ?? {},
      };
      const files = {
        properties: join(home, 'server.properties'),
        log: join(home, 'broker.log'),
      };
      return new KafkaNode(kafka, settings, files, options.javaFlags ?? []);
    }),
  );
}

interface Parts {
  readonly kafka: KafkaJava;
  readonly nodes: readonly KafkaNode[];
  readonly tlsFiles: TlsFiles | null;
  readonly cleanUp: () => Promise<void>;
}

/** A running Apache Kafka. Brokers are numbered from 1. */
export class KafkaCluster implements AsyncDisposable {
  /** Of the listeners that were asked for: bootstrap servers. */
  readonly listeners: Readonly<Partial<Record<ListenerName, string>>>;
  readonly users: Users = USERS;
  readonly #parts: Parts;
  #closing: Promise<void> | null = null;

  constructor(parts: Parts) {
    this.#parts = parts;
    const names = [...parts.nodes[0]!.settings.ports.keys()];
    const serversOf = (name: ListenerName) =>
      parts.nodes.map(({ settings }) => `${HOST}:${settings.ports.get(name)}`).join(',');
    this.listeners = Object.fromEntries(names.map((name) => [name, serversOf(name)]));
  }

  /** Of the plain listener. */
  get bootstrapServers(): string {
    return this.servers('plain');
  }

  /** Bootstrap servers of a listener. Throws when it was not asked for. */
  servers(name: ListenerName): string {
    const servers = this.listeners[name];
    if (servers === undefined) throw new Error(`the cluster was started without the listener ${name}`);
    return servers;
  }

  /** Throws when no listener with TLS was asked for. */
  get tlsFiles(): TlsFiles {
    if (this.#parts.tlsFiles === null) throw new Error('the cluster was started without a TLS listener');
    return this.#parts.tlsFiles;
  }

  /** Properties, by Kafka's names, of a client that comes in through a listener: bootstrap.servers, ssl.*, sasl.*. */
  clientProperties(name: ListenerName, mechanism?: SaslMechanism): Record<string, string> {
    const security = name === 'plain' ? {} : clientProperties(name, this.#parts.tlsFiles, mechanism);
    return { 'bootstrap.servers': this.servers(name), ...security };
  }

  get brokerIds(): number[] {
    return this.#parts.nodes.map(({ settings }) => settings.nodeId);
  }

  isRunning(brokerId: number): boolean {
    return this.#node(brokerId).isRunning;
  }

  /** Clean (it hands its partitions over) or hard (kill -9); resolves when the process is gone. */
  stopBroker(brokerId: number, { hard = false }: { hard?: boolean } = {}): Promise<void> {
    return this.#node(brokerId).stop({ isHard: hard });
  }

  /** Starts a stopped broker on its old ports and data; resolves when it takes requests. */
  startBroker(brokerId: number): Promise<void> {
    return this.#node(brokerId).start();
  }

  /** Process id of a broker's JVM; null while it is stopped. */
  pidOf(brokerId: number): number | null {
    return this.#node(brokerId).pid;
  }

  /** Where a broker keeps `topic-partition/` directories. */
  dataDirectory(brokerId: number): string {
    return this.#node(brokerId).settings.dataDirectory;
  }

  /** Runs one of Kafka's main classes, with whatever code it ends. */
  tool(mainClass: string, args: readonly string[], options?: ToolOptions): Promise<ToolResult> {
    return runTool(this.#parts.kafka, mainClass, args, options);
  }

  /** What one of Kafka's main classes prints; rejects when it does not end with 0. */
  toolOutput(mainClass: string, args: readonly string[], options?: ToolOptions): Promise<string> {
    return outputOfTool(this.#parts.kafka, mainClass, args, options);
  }

  /** Kills the brokers and removes their data; may be called again. */
  close(): Promise<void> {
    this.#closing ??= this.#parts.cleanUp();
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #node(brokerId: number): KafkaNode {
    const node = this.#parts.nodes[brokerId - 1];
    if (node === undefined) throw new Error(`there is no broker ${brokerId}`);
    return node;
  }
}
