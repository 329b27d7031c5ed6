import { isPassword, isShowable } from '../../core/producer/config/options.ts';
import type { HistoryEntry } from '../../reports/history/history-entry.ts';
import type { CheckOptions } from '../check/check-options.ts';
import { commonProperties } from '../paired/properties-of-both.ts';

/** What must not stand in a file in git, under whatever name a client has it. */
const SECRET_NAME = /password|passwd|secret|token|jaas|key|credential/i;

/**
 * What decides a check's figures beside its two sides, the properties of a --producer.config included: a change of any of
 * it starts another series. Secrets decide nothing.
 */
export function historyLoadOf(options: CheckOptions, workingDirectory: string): HistoryEntry['load'] {
  const { recordSizeBytes, recordsPerSend, inFlight } = options.load;
  const given = commonProperties(options.producer, workingDirectory, () => {});
  const properties = [...given]
    .filter(([name]) => isShowable(name) || !(isPassword(name) || SECRET_NAME.test(name)))
    .map(([name, { text }]) => [name, text]);
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
