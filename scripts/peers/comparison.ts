import { spawnSync } from 'node:child_process';
import { cpus, release, totalmem, type } from 'node:os';
import type { FailedTrial } from './rounds.ts';
import type { ScenarioSummary } from './summary.ts';
import type { Trial } from './trial.ts';

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly system: string;
  readonly node: string;
  /** null when there is none. */
  readonly java: string | null;
}

export interface UnusedClient {
  readonly client: string;
  readonly reason: string;
}

/** All that came out, as --json writes it. */
export interface Comparison {
  readonly date: string;
  readonly command: string;
  readonly machine: Machine;
  /** Apache Kafka's version, or where the broker is that the user named. */
  readonly broker: string;
  readonly seed: number;
  readonly rounds: number;
  readonly warmupMs: number;
  readonly windowMs: number;
  readonly unused: readonly UnusedClient[];
  readonly failures: readonly FailedTrial[];
  readonly scenarios: readonly ScenarioSummary[];
  readonly trials: readonly Trial[];
}

export function describeMachine(): Machine {
  const processors = cpus();
  const asked = spawnSync('java', ['-version'], { encoding: 'utf8' });
  return {
    cpu: processors[0]?.model.trim() ?? 'unknown',
    cores: processors.length,
    memoryGiB: Math.round(totalmem() / 1024 ** 3),
    system: `${type()} ${release()}`,
    node: process.versions.node,
    java: asked.status === 0 ? (/version "([^"]+)"/.exec(asked.stderr)?.[1] ?? null) : null,
  };
}
