import type { OptionProblem } from '../../base/options.ts';
import { parseServer } from '../../client/bootstrap-servers.ts';
import type { ParsedProperties } from './config.ts';
import { checkIdempotence } from './idempotence-checks.ts';

/**
 * The rules across producer properties, each with its reason and the way out (Kafka's ProducerConfig and
 * CommonClientConfigs, and facts that a user comparing settings should be told). Changes in `properties` what Kafka
 * changes: delivery.timeout.ms, reconnect.backoff.max.ms and enable.idempotence.
 */
export function checkAcrossOptions(
  properties: ParsedProperties,
  problems: OptionProblem[],
  warnings: string[],
): void {
  const { values } = properties;
  checkServers(values.get('bootstrap.servers') as string, problems);
  checkIdempotence(properties, problems, warnings);
  checkDeliveryTimeout(properties, problems, warnings);
  checkReconnectBackoff(properties, warnings);
  checkSaslMechanism(properties, problems);
  warnAboutSizes(properties, warnings);
  warnAboutPauses(properties, warnings);
  warnAboutPartitioner(properties, warnings);
  warnAboutSecurity(properties, warnings);
}

function checkServers(list: string, problems: OptionProblem[]): void {
  for (const server of list.split(',')) {
    if (server.trim() === '') continue;
    try {
      parseServer(server);
    } catch (error) {
      problems.push({ property: 'bootstrap.servers', message: (error as Error).message });
    }
  }
}

/** ProducerConfig.configureDeliveryTimeout: an explicit value too small is an error, the default is raised. */
function checkDeliveryTimeout(
  { values, given }: ParsedProperties,
  problems: OptionProblem[],
  warnings: string[],
): void {
  const deliveryMs = values.get('delivery.timeout.ms') as number;
  const lingerMs = values.get('linger.ms') as number;
  const requestMs = values.get('request.timeout.ms') as number;
  const neededMs = Math.min(lingerMs + requestMs, 2_147_483_647);
  if (deliveryMs >= neededMs) return;
  if (given.has('delivery.timeout.ms')) {
    problems.push({
      property: 'delivery.timeout.ms',
      message:
        `delivery.timeout.ms must be >= linger.ms + request.timeout.ms (${lingerMs} + ${requestMs} = ` +
        `${neededMs}), got ${deliveryMs}: raise it or lower one of them`,
    });
    return;
  }
  values.set('delivery.timeout.ms', neededMs);
  warnings.push(
    `delivery.timeout.ms raised from ${deliveryMs} to ${neededMs}, the sum of linger.ms and request.timeout.ms`,
  );
}

/** CommonClientConfigs.postProcessReconnectBackoffConfigs: one of the two alone means a pause that does not grow. */
function checkReconnectBackoff({ values, given }: ParsedProperties, warnings: string[]): void {
  if (!given.has('reconnect.backoff.ms') || given.has('reconnect.backoff.max.ms')) return;
  const pauseMs = values.get('reconnect.backoff.ms') as number;
  values.set('reconnect.backoff.max.ms', pauseMs);
  warnings.push(
    `reconnect.backoff.ms without reconnect.backoff.max.ms makes every pause ${pauseMs} ms: give both for pauses that grow`,
  );
}

/** CommonClientConfigs.postValidateSaslMechanismConfig. */
function checkSaslMechanism({ values }: ParsedProperties, problems: OptionProblem[]): void {
  const protocol = values.get('security.protocol') as string;
  if (!protocol.startsWith('SASL_') || values.get('sasl.mechanism') !== '') return;
  problems.push({
    property: 'sasl.mechanism',
    message: `sasl.mechanism must not be empty with security.protocol=${protocol}: name PLAIN, SCRAM-SHA-256, SCRAM-SHA-512 or OAUTHBEARER, or set security.protocol to PLAINTEXT or SSL`,
  });
}

function warnAboutSizes({ values }: ParsedProperties, warnings: string[]): void {
  const batchSize = values.get('batch.size') as number;
  const requestSize = values.get('max.request.size') as number;
  const bufferMemory = values.get('buffer.memory') as number;
  if (batchSize > requestSize) {
    warnings.push(
      `batch.size ${batchSize} is above max.request.size ${requestSize}: a full batch goes out alone in a ` +
        'request above that size, and the broker may refuse it',
    );
  }
  if (bufferMemory < batchSize) {
    warnings.push(
      `buffer.memory ${bufferMemory} is smaller than batch.size ${batchSize}: no batch can be opened, ` +
        'so every send will fail',
    );
  } else if (bufferMemory < 2 * batchSize) {
    warnings.push(
      `buffer.memory ${bufferMemory} holds a single batch of batch.size ${batchSize}: sends wait for each other`,
    );
  }
}

/** CommonClientConfigs.warnDisablingExponentialBackoff. */
function warnAboutPauses({ values }: ParsedProperties, warnings: string[]): void {
  const pairs = [
    ['retry.backoff.ms', 'retry.backoff.max.ms', 'pause'],
    ['reconnect.backoff.ms', 'reconnect.backoff.max.ms', 'pause'],
    ['socket.connection.setup.timeout.ms', 'socket.connection.setup.timeout.max.ms', 'attempt'],
  ] as const;
  for (const [first, most, what] of pairs) {
    const firstMs = values.get(first) as number;
    const mostMs = values.get(most) as number;
    if (firstMs <= mostMs) continue;
    warnings.push(`${first} ${firstMs} is above ${most} ${mostMs}: every ${what} is ${mostMs} ms`);
  }
}

function warnAboutPartitioner({ values, given }: ParsedProperties, warnings: string[]): void {
  const name = values.get('partitioner.class') as string | null;
  const isBuiltIn = [null, '', 'keyed', 'adaptive', 'uniform-sticky'].includes(name);
  const without = (property: string, value: unknown): void => {
    warnings.push(`${property}=${value} has no effect with partitioner.class=${name}`);
  };
  if (values.get('partitioner.ignore.keys') === true && name === 'keyed') {
    without('partitioner.ignore.keys', true);
  }
  const isAdaptive = values.get('partitioner.adaptive.partitioning.enable') as boolean;
  if (!isAdaptive && (!isBuiltIn || name === 'adaptive')) {
    without('partitioner.adaptive.partitioning.enable', false);
  }
  if (isAdaptive && name === 'uniform-sticky' && given.has('partitioner.adaptive.partitioning.enable')) {
    without('partitioner.adaptive.partitioning.enable', true);
  }
  const timeoutMs = values.get('partitioner.availability.timeout.ms') as number;
  if (timeoutMs > 0 && !isBuiltIn) without('partitioner.availability.timeout.ms', timeoutMs);
}

/** What is given for TLS or SASL and then not used, since security.protocol does not ask for it. */
function warnAboutSecurity({ values, given }: ParsedProperties, warnings: string[]): void {
  const protocol = values.get('security.protocol') as string;
  const unused = [
    ...(protocol.endsWith('SSL') ? [] : [['ssl.', protocol === 'PLAINTEXT' ? 'SSL' : 'SASL_SSL'] as const]),
    ...(protocol.startsWith('SASL_')
      ? []
      : [['sasl.', protocol === 'PLAINTEXT' ? 'SASL_PLAINTEXT' : 'SASL_SSL'] as const]),
  ];
  for (const [prefix, wanted] of unused) {
    const names = [...given].filter((name) => name.startsWith(prefix));
    if (names.length === 0) continue;
    const verb = names.length === 1 ? 'has' : 'have';
    warnings.push(
      `${names.join(', ')} ${verb} no effect with security.protocol=${protocol}: set ${wanted} to use ${names.length === 1 ? 'it' : 'them'}`,
    );
  }
}
