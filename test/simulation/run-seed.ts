import { drawSchedule, type Schedule } from './schedule.ts';
import { Simulation } from './simulation.ts';
import { judge } from './verdict.ts';

const LAST_LINES = 120;

export interface SeedResult {
  readonly problems: readonly string[];
  /** What a person needs to look into it: the seed, the settings, what happened. Empty without problems. */
  readonly report: string;
  readonly simulation: Simulation;
}

/** Runs the schedule of a seed; one that fails is run once more, to tell what happened in it. */
export async function runSeed(seed: number): Promise<SeedResult> {
  const schedule = drawSchedule(seed);
  const { problems, simulation } = await runWatched(schedule, false);
  if (problems.length === 0) return { problems, report: '', simulation };
  const again = await runWatched(schedule, true);
  return { problems, report: reportOf(schedule, problems, again.simulation.lines), simulation };
}

/** Runs one schedule; an error that nobody caught counts as a problem of it. */
async function runWatched(
  schedule: Schedule,
  isTraced: boolean,
): Promise<{ problems: string[]; simulation: Simulation }> {
  const uncaught: string[] = [];
  const note = (error: unknown) => uncaught.push(`nobody caught ${(error as Error)?.stack ?? error}`);
  process.on('unhandledRejection', note);
  process.on('uncaughtException', note);
  const simulation = new Simulation(schedule, isTraced);
  try {
    await simulation.run();
  } catch (error) {
    uncaught.push(`it threw ${(error as Error)?.stack ?? error}`);
  } finally {
    process.off('unhandledRejection', note);
    process.off('uncaughtException', note);
  }
  return { problems: [...uncaught, ...judge(simulation)], simulation };
}

function reportOf(schedule: Schedule, problems: readonly string[], lines: readonly string[]): string {
  const { seed, steps, ...rest } = schedule;
  const records = steps.reduce((sum, step) => sum + step.records.length, 0);
  return [
    `SIMULATION_SEED=${seed}: ${problems.length} problems`,
    ...problems.slice(0, 10).map((problem) => `  ${problem}`),
    `${records} records; ${JSON.stringify(rest)}`,
    ...lines.slice(-LAST_LINES),
  ].join('\n');
}
