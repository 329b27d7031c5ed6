import type { HistoryEntry } from '../../reports/history/history-entry.ts';
import type { CheckOptions } from '../check/check-options.ts';

/** What must not stand in a file in git, under whatever name a client has it. */
const SECRET_NAME = /password|passwd|secret|token|jaas|key|credential/i;

/** What decides a check's figures beside its two sides: a change of any of it starts another series. */
export function historyLoadOf(options: CheckOptions): HistoryEntry['load'] {
  const { recordSizeBytes, recordsPerSend, inFlight } = options.load;
  const properties = options.producer.producerProperties
    .filter(({ name }) => !SECRET_NAME.test(name))
    .map(({ name, value }) => [name, value]);
  return {
    ...Object.fromEntries(properties),
    ...(options.driver === undefined ? {} : { driver: options.driver }),
    recordSizeBytes,
    recordsPerSend,
    inFlight,
    partitions: options.partitions,
    target: options.bootstrapServers ?? 'embedded',
  };
}
