import type { Random } from '../../core/base/random.ts';
import type { PeerClient } from './clients.ts';
import type { Scenario } from './scenarios.ts';
import { type Bench, runTrial, type Trial } from './trial.ts';

export interface ReadyClient {
  readonly client: PeerClient;
  readonly command: readonly string[];
}

export interface FailedTrial {
  readonly scenario: string;
  readonly client: string;
  readonly round: number;
  readonly reason: string;
}

export interface RoundsOutcome {
  readonly trials: readonly Trial[];
  readonly failures: readonly FailedTrial[];
}

/** The same items in a random order (Fisher and Yates). */
export function shuffled<T>(items: readonly T[], random: Random): T[] {
  const order = [...items];
  for (let left = order.length; left > 1; left--) {
    const picked = random.nextBelow(left);
    [order[left - 1], order[picked]] = [order[picked]!, order[left - 1]!];
  }
  return order;
}

/**
 * Every round runs every scenario, and every scenario every client, one after the other: scenarios in random order,
 * the clients of one scenario in random order right after each other, since they are compared within the round.
 */
export async function runRounds(
  bench: Bench,
  plan: {
    readonly clients: readonly ReadyClient[];
    readonly scenarios: readonly Scenario[];
    readonly rounds: number;
  },
  random: Random,
  report: (line: string) => void,
): Promise<RoundsOutcome> {
  const trials: Trial[] = [];
  const failures: FailedTrial[] = [];
  for (let round = 1; round <= plan.rounds; round++) {
    for (const scenario of shuffled(plan.scenarios, random)) {
      for (const { client, command } of shuffled(plan.clients, random)) {
        const where = `round ${round} of ${plan.rounds}  ${scenario.name.padEnd(16)} ${client.name.padEnd(18)}`;
        try {
          const trial = await runTrial(bench, { client, command, scenario, round });
          trials.push(trial);
          report(`${where} ${trialText(trial)}`);
        } catch (error) {
          bench.signal.throwIfAborted();
          const reason = error instanceof Error ? error.message : String(error);
          failures.push({ scenario: scenario.name, client: client.name, round, reason });
          report(`${where} FAILED: ${reason}`);
        }
      }
    }
  }
  return { trials, failures };
}

function trialText({ figures }: Trial): string {
  const rate = figures.records / figures.seconds / 1e6;
  return `${rate.toFixed(3)} M records/s  ${((figures.cpuSeconds * 1e9) / figures.records).toFixed(0)} ns CPU/record`;
}
