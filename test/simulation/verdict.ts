import { TidemarkError } from '../../core/base/errors.ts';
import type { LoggedRecord } from './model-log.ts';
import type { Settlement } from './settlements.ts';
import { type Simulation, SLACK_MS } from './simulation.ts';

/** What must hold after any schedule whatever; says what does not. */
export function judge(simulation: Simulation): string[] {
  const problems = [...simulation.problems];
  for (const settlement of simulation.settlements.all)
    problems.push(...judgeSettlement(simulation, settlement));
  for (const [topic, logs] of simulation.cluster.logs) {
    for (const [partition, log] of logs.entries()) {
      problems.push(...log.violations.map((violation) => `${topic}-${partition}: ${violation}`));
      problems.push(...judgePartition(simulation, `${topic}-${partition}`, log.records));
    }
  }
  problems.push(...judgeRemains(simulation));
  return problems;
}

/** Exactly once, in time, with a typed error or where the metadata says. */
function judgeSettlement(simulation: Simulation, settlement: Settlement): string[] {
  const { record, count, error, metadata, sentNs, settledNs } = settlement;
  const name = `record ${record.id} (${record.form})`;
  if (record.form === 'forget') return [];
  if (count !== 1) return [`${name} was settled ${count} times`];
  const problems: string[] = [];
  const tookMs = (settledNs - sentNs) / 1e6;
  const { maxBlockMs, deliveryTimeoutMs } = simulation.producer.config;
  if (tookMs > maxBlockMs + deliveryTimeoutMs + SLACK_MS)
    problems.push(`${name} took ${tookMs} ms to settle`);
  if (error !== null) {
    if (!(error instanceof TidemarkError)) problems.push(`${name} failed with ${error}`);
    return problems;
  }
  if (metadata === null) return [...problems, `${name} was acknowledged without metadata`];
  if (record.partition !== undefined && record.partition !== metadata.partition)
    problems.push(`${name} was sent to ${record.partition} and told of ${metadata.partition}`);
  if (simulation.producer.config.acks === 0 || metadata.offset === -1) {
    if (metadata.offset !== -1) problems.push(`${name} has an offset with acks=0`);
    return problems;
  }
  const logged = simulation.cluster.logOf(metadata.topic, metadata.partition)?.records[metadata.offset];
  if (logged?.id !== record.id)
    problems.push(
      `${name} was acknowledged at ${metadata.partition}:${metadata.offset}, where ${logged?.id ?? 'nothing'} is`,
    );
  return problems;
}

/** Order and duplicates of one partition, as far as the configuration promises them. */
function judgePartition(simulation: Simulation, name: string, log: readonly LoggedRecord[]): string[] {
  const { config } = simulation.producer;
  const problems: string[] = [];
  const acknowledged = simulation.settlements.all.filter(
    ({ error, metadata }) =>
      error === null && metadata !== null && `${metadata.topic}-${metadata.partition}` === name,
  );
  if (config.acks === 0) return [];
  for (const { record } of acknowledged) {
    if (!log.some(({ id }) => id === record.id))
      problems.push(`record ${record.id} was acknowledged and is missing in ${name}`);
  }
  if (simulation.schedule.isIdempotent) problems.push(...judgeCopies(name, log, acknowledged));
  if (!simulation.schedule.isIdempotent && config.maxInFlight > 1) return problems;
  let before: Settlement | null = null;
  for (const settlement of acknowledged) {
    if (settlement.metadata!.offset === -1) continue;
    if (before !== null && before.metadata!.offset >= settlement.metadata!.offset)
      problems.push(
        `${name}: record ${before.record.id} is at ${before.metadata!.offset}, ` +
          `${settlement.record.id} sent after it at ${settlement.metadata!.offset}`,
      );
    before = settlement;
  }
  return problems;
}

/**
 * Idempotence writes no record twice, nor one behind an acknowledged one that was sent later, whatever the record's own
 * sender was told. (Behind one that was given up it may stand: a leader takes any first sequence of a producer.)
 */
function judgeCopies(
  name: string,
  log: readonly LoggedRecord[],
  acknowledged: readonly Settlement[],
): string[] {
  const problems: string[] = [];
  const acknowledgedIds = new Set(acknowledged.map(({ record }) => record.id));
  const seen = new Set<number>();
  let newestAcknowledged = -1;
  for (const [offset, { id }] of log.entries()) {
    if (seen.has(id)) problems.push(`record ${id} is in ${name} again at ${offset}`);
    else if (id < newestAcknowledged)
      problems.push(`record ${id} is in ${name} behind ${newestAcknowledged}, which was sent later`);
    seen.add(id);
    if (acknowledgedIds.has(id)) newestAcknowledged = Math.max(newestAcknowledged, id);
  }
  return problems;
}

/** After close() nothing is left: no timers, no connections, no memory in use, no record uncounted. */
function judgeRemains(simulation: Simulation): string[] {
  const { producer, watched, network, settlements } = simulation;
  const problems: string[] = [];
  if (watched.pendingTimers > 0) problems.push(`${watched.pendingTimers} timers are left after close()`);
  if (network.openClients > 0) problems.push(`${network.openClients} connections are open after close()`);
  const missing = producer.config.bufferMemoryBytes - producer.bufferAvailableBytes;
  if (missing !== 0) problems.push(`${missing} bytes of buffer.memory were not given back`);
  const stats = producer.stats();
  const counted = stats.acknowledgedRecords + stats.failedRecords;
  if (counted !== settlements.all.length)
    problems.push(`${counted} records are counted as settled, ${settlements.all.length} were sent`);
  return problems;
}
