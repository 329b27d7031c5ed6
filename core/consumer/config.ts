import { nearestName } from '../base/nearest-name.ts';
import type { OptionProblem, OptionValue } from '../base/options.ts';
import { parseOption } from '../base/parse-option.ts';
import { type ClientConfig, parseClientConfig } from '../client/client-config.ts';
import { SECURITY_PROPERTY_NAMES } from '../client/security/property-names.ts';
import type { FetchSettings } from './fetch-position.ts';
import { CONSUMER_OPTIONS, FETCH_OPTIONS } from './options.ts';

export type OffsetReset = 'earliest' | 'latest' | 'none';

/** The consumer's settings as its parts read them. */
export interface ConsumerConfig {
  readonly bootstrapServers: string;
  readonly clientId: string;
  readonly client: ClientConfig;
  readonly fetch: FetchSettings;
  readonly maxPollRecords: number;
  readonly checkCrcs: boolean;
  readonly offsetReset: OffsetReset;
}

export interface ParsedConsumerConfig {
  /** Meaningful only when there are no problems. */
  readonly config: ConsumerConfig;
  readonly problems: OptionProblem[];
}

const KNOWN_NAMES = [...CONSUMER_OPTIONS.map(({ name }) => name), ...SECURITY_PROPERTY_NAMES];

type Given = string | number | boolean;

/** Reads consumer properties under Kafka's names. Reports everything that is wrong at once; never throws. */
export function parseConsumerConfig(properties: Readonly<Record<string, Given>>): ParsedConsumerConfig {
  const problems: OptionProblem[] = [];
  const values = new Map<string, OptionValue>();
  const clientProperties: Record<string, Given> = {};
  for (const { name, default: fallback } of FETCH_OPTIONS) values.set(name, fallback);
  for (const [property, given] of Object.entries(properties)) {
    const own = FETCH_OPTIONS.find(({ name }) => name === property);
    if (own !== undefined) {
      const parsed = parseOption(own, given);
      if ('problem' in parsed) problems.push({ property, message: `${property} ${parsed.problem}` });
      else values.set(property, parsed.value);
    } else if (!KNOWN_NAMES.includes(property)) {
      problems.push(unknownProperty(property));
    } else if (property !== 'bootstrap.servers') {
      clientProperties[property] = given;
    }
  }
  const client = parseClientConfig(clientProperties);
  problems.push(...client.problems);
  const number = (name: string) => values.get(name) as number;
  const config: ConsumerConfig = {
    bootstrapServers: String(properties['bootstrap.servers'] ?? ''),
    clientId: client.clientId,
    client: client.config,
    fetch: {
      minBytes: number('fetch.min.bytes'),
      maxBytes: number('fetch.max.bytes'),
      maxWaitMs: number('fetch.max.wait.ms'),
      partitionMaxBytes: number('max.partition.fetch.bytes'),
      retryBackoffMs: client.config.retryBackoffMs,
    },
    maxPollRecords: number('max.poll.records'),
    checkCrcs: values.get('check.crcs') as boolean,
    offsetReset: values.get('auto.offset.reset') as OffsetReset,
  };
  return { config, problems };
}

function unknownProperty(property: string): OptionProblem {
  const suggestion = nearestName(property, KNOWN_NAMES);
  const hint = suggestion === null ? '' : `; did you mean ${suggestion}?`;
  const problem = { property, message: `${property} is not a consumer property known here${hint}` };
  return suggestion === null ? problem : { ...problem, suggestion };
}
