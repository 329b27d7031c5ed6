import { closeSync, openSync } from 'node:fs';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { type BoundProcess, endProcess, spawnBound } from './bound-process.ts';
import { javaCommand, type KafkaJava, lastLines, outputOfTool } from './kafka-tool.ts';
import { scramArguments } from './listeners.ts';
import { type NodeSettings, serverProperties } from './server-properties.ts';

const START_TIMEOUT_MS = 90_000;
const STOP_TIMEOUT_MS = 30_000;
const POLL_INTERVAL_MS = 50;
const BROKER_FLAGS = ['-Xms128m', '-Xmx600m', '-XX:+UseSerialGC'];
/** The last line of a start: the broker is registered with the controller and takes requests. */
const STARTED = /Kafka Server started/;

export interface NodeFiles {
  readonly properties: string;
  /** What the node logs. */
  readonly log: string;
}

/** One node of a cluster; its data outlive its process. */
export class KafkaNode {
  readonly settings: NodeSettings;
  readonly #kafka: KafkaJava;
  readonly #files: NodeFiles;
  readonly #flags: readonly string[];
  #process: BoundProcess | null = null;

  constructor(kafka: KafkaJava, settings: NodeSettings, files: NodeFiles, flags: readonly string[]) {
    this.#kafka = kafka;
    this.settings = settings;
    this.#files = files;
    this.#flags = [...BROKER_FLAGS, ...flags];
  }

  get isRunning(): boolean {
    return this.#process !== null;
  }

  /** Of the broker's JVM; null while it is stopped. */
  get pid(): number | null {
    return this.#process?.child.pid ?? null;
  }

  /** Writes server.properties and formats the data directory with the users of SCRAM. */
  async format(clusterId: string): Promise<void> {
    await writeFile(this.#files.properties, serverProperties(this.settings));
    await writeFile(this.#files.log, '');
    const args = ['format', '-t', clusterId, '-c', this.#files.properties, ...scramArguments()];
    await outputOfTool(this.#kafka, 'kafka.tools.StorageTool', args);
  }

  /** Resolves when the broker takes requests; rejects with the end of its log when it does not come to that. */
  async start(): Promise<void> {
    if (this.#process !== null) throw new Error(`broker ${this.settings.nodeId} runs already`);
    const loggedBefore = (await stat(this.#files.log)).size;
    const started = this.#spawn();
    this.#process = started;
    const end = started.ended.then((code) => {
      if (this.#process === started) this.#process = null;
      return code;
    });
    try {
      await this.#whenStarted(end, loggedBefore);
    } catch (error) {
      await this.stop({ isHard: true });
      throw error;
    }
  }

  /** Clean: the broker hands its partitions over first. Hard: kill -9. */
  async stop({ isHard = false }: { isHard?: boolean } = {}): Promise<void> {
    const running = this.#process;
    if (running === null) return;
    const end = await endProcess(running, isHard ? 'SIGKILL' : 'SIGTERM', STOP_TIMEOUT_MS);
    this.#process = null;
    // 143: how a JVM ends that was asked to by SIGTERM.
    if (!isHard && end !== 143 && end !== 0) {
      throw new Error(`broker ${this.settings.nodeId} ended with ${end}. ${await this.#logFrom(0)}`);
    }
  }

  #spawn(): BoundProcess {
    const log = openSync(this.#files.log, 'a');
    try {
      const command = javaCommand(this.#kafka, 'broker', this.#flags);
      return spawnBound([...command, 'kafka.Kafka', this.#files.properties], { stdio: ['ignore', log, log] });
    } finally {
      closeSync(log);
    }
  }

  async #whenStarted(end: Promise<number | NodeJS.Signals>, loggedBefore: number): Promise<void> {
    const { nodeId } = this.settings;
    const deadline = performance.now() + START_TIMEOUT_MS;
    let ended: number | NodeJS.Signals | null = null;
    end.then(
      (code) => {
        ended = code;
      },
      () => {
        ended = 1;
      },
    );
    for (;;) {
      const log = await this.#logFrom(loggedBefore);
      if (STARTED.test(log)) return;
      if (ended !== null)
        throw new Error(`broker ${nodeId} ended with ${ended} as it started. ${lastLines(log)}`);
      if (performance.now() > deadline)
        throw new Error(`broker ${nodeId} has not started within ${START_TIMEOUT_MS} ms. ${lastLines(log)}`);
      await new Promise((resolve) => setTimeout(resolve, POLL_INTERVAL_MS));
    }
  }

  async #logFrom(offset: number): Promise<string> {
    return (await readFile(this.#files.log)).subarray(offset).toString('utf8');
  }
}
