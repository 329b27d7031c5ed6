import type { DriverSegment } from '../../../bench/duet/driver-protocol.ts';
import type { DuetTarget } from '../../../bench/duet/session-target.ts';
import type { Side } from '../../../bench/duet/side.ts';
import type { DriverProcess, StartDriver } from '../../../bench/duet/started-driver.ts';

/** How a fake side behaves; what is not given is exact and the same on both sides. */
export interface FakeBehaviour {
  /** CPU per record of segment n; null: it cannot tell. */
  readonly cpuNsPerRecord?: (segment: number) => number | null;
  readonly recordsPerSecond?: number;
  readonly p99Ms?: number;
  /** Added to what it claims in the end. */
  readonly lie?: number;
  readonly failsToStart?: Error;
  /** Rejects in closed segment n. */
  readonly diesAt?: number;
}

/** A target and drivers in memory, and what was asked of them. */
export interface FakeDuet {
  readonly target: DuetTarget;
  readonly start: StartDriver;
  /** `base closed 300`, in order. */
  readonly calls: string[];
  readonly topics: Set<string>;
  readonly running: Set<string>;
}

export function fakeSide(label: string): Side {
  return {
    label,
    description: `${label} 1.0`,
    driver: { kind: 'command', directory: '/', command: ['none'] },
    properties: {},
  };
}

export function fakeDuet(behaviours: Readonly<Record<string, FakeBehaviour>> = {}): FakeDuet {
  const records = new Map<string, number>();
  const duet = { calls: [] as string[], topics: new Set<string>(), running: new Set<string>() };
  const target: DuetTarget = {
    bootstrapServers: '127.0.0.1:1',
    createTopic: async (name) => {
      duet.topics.add(name);
    },
    recordsIn: async (name) => records.get(name) ?? 0,
    deleteTopic: async (name) => {
      duet.topics.delete(name);
    },
    close: async () => {},
  };
  const start: StartDriver = async ({ label }, { topic }) => {
    const behaviour = behaviours[label] ?? {};
    duet.calls.push(`${label} start`);
    if (behaviour.failsToStart !== undefined) throw behaviour.failsToStart;
    duet.running.add(label);
    const count = (added: number): void => void records.set(topic, (records.get(topic) ?? 0) + added);
    return new FakeDriver(label, behaviour, { ...duet, count });
  };
  return { ...duet, target, start };
}

interface FakeWorld extends Pick<FakeDuet, 'calls' | 'running'> {
  readonly count: (records: number) => void;
}

class FakeDriver implements DriverProcess {
  readonly #label: string;
  readonly #behaviour: FakeBehaviour;
  readonly #world: FakeWorld;
  #segments = 0;
  #acknowledged = 0;

  constructor(label: string, behaviour: FakeBehaviour, world: FakeWorld) {
    this.#label = label;
    this.#behaviour = behaviour;
    this.#world = world;
  }

  async closed(durationMs: number): Promise<DriverSegment> {
    this.#world.calls.push(`${this.#label} closed ${durationMs}`);
    if (this.#behaviour.diesAt === this.#segments) throw new Error(`${this.#label} died`);
    return this.#segment(durationMs, this.#behaviour.recordsPerSecond ?? 10_000);
  }

  async open(durationMs: number, recordsPerSecond: number): Promise<DriverSegment> {
    this.#world.calls.push(`${this.#label} open ${durationMs} at ${recordsPerSecond}`);
    const p99 = (this.#behaviour.p99Ms ?? 4) * 1e6;
    return {
      ...this.#segment(durationMs, recordsPerSecond),
      latencyNs: { p50: p99 / 4, p90: p99 / 2, p99 },
    };
  }

  async finish(): Promise<{ acknowledged: number }> {
    this.#world.running.delete(this.#label);
    return { acknowledged: this.#acknowledged + (this.#behaviour.lie ?? 0) };
  }

  kill(): void {
    this.#world.running.delete(this.#label);
  }

  output(): string {
    return `${this.#label} says something`;
  }

  #segment(durationMs: number, recordsPerSecond: number): DriverSegment {
    const records = Math.round((recordsPerSecond * durationMs) / 1000);
    const { cpuNsPerRecord = () => 500 } = this.#behaviour;
    const perRecord = cpuNsPerRecord(this.#segments++);
    this.#acknowledged += records;
    this.#world.count(records);
    return {
      type: 'segment',
      records,
      wallNs: durationMs * 1e6,
      cpuNs: perRecord === null ? null : perRecord * records,
    };
  }
}
