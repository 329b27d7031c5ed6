import type { OptionProblem } from '../base/options.ts';
import type { ParsedProperties } from './config.ts';

/**
 * The rules across producer properties, each with its reason and the way out (Kafka's ProducerConfig, and
 * facts that a user comparing settings should be told). Raises delivery.timeout.ms in `properties` where Kafka
 * does.
 */
export function checkAcrossOptions(
  properties: ParsedProperties,
  problems: OptionProblem[],
  warnings: string[],
): void {
  const { values } = properties;
  if (values.get('enable.idempotence') === true) {
    problems.push({
      property: 'enable.idempotence',
      message:
        'enable.idempotence=true is not served yet (a later version will): set it to false, which is the default here',
    });
  }
  if (values.get('compression.gzip.level') === 0) {
    problems.push({
      property: 'compression.gzip.level',
      message: 'compression.gzip.level must be -1 or 1 to 9, got 0',
    });
  }
  checkServers(values.get('bootstrap.servers') as string, problems);
  checkDeliveryTimeout(properties, problems, warnings);
  warnAboutSizes(properties, warnings);
  warnAboutPartitioner(properties, warnings);
}

const SERVER = /^(\[[0-9a-fA-F:.]+\]|[^\s:/[\]]+):(\d{1,5})$/;

function checkServers(list: string, problems: OptionProblem[]): void {
  for (const raw of list.split(',')) {
    const server = raw.trim();
    if (server === '') continue;
    const port = Number(SERVER.exec(server)?.[2] ?? 0);
    if (port >= 1 && port <= 65_535) continue;
    problems.push({
      property: 'bootstrap.servers',
      message: `bootstrap.servers must be host:port pairs, comma separated, got ${JSON.stringify(server)}`,
    });
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
  const backoffMs = values.get('retry.backoff.ms') as number;
  const backoffMaxMs = values.get('retry.backoff.max.ms') as number;
  if (backoffMs > backoffMaxMs) {
    warnings.push(
      `retry.backoff.ms ${backoffMs} is above retry.backoff.max.ms ${backoffMaxMs}: every pause is ${backoffMaxMs} ms`,
    );
  }
}

function warnAboutPartitioner({ values }: ParsedProperties, warnings: string[]): void {
  const name = values.get('partitioner.class') as string | null;
  const withoutKeys = values.get('partitioner.ignore.keys') === true;
  if (withoutKeys && name === 'keyed') {
    warnings.push('partitioner.ignore.keys has no effect with partitioner.class=keyed');
  }
  if (values.get('partitioner.adaptive.partitioning.enable') === false && name === 'adaptive') {
    warnings.push(
      'partitioner.adaptive.partitioning.enable=false has no effect with partitioner.class=adaptive',
    );
  }
}
