import type { OptionProblem } from '../../base/options.ts';
import type { ParsedProperties } from './config.ts';

const MAX_IN_FLIGHT = 5;

/**
 * What idempotence and transactions ask of other properties (ProducerConfig.postProcessAndValidateIdempotenceConfigs
 * of Kafka 4.1). Where idempotence is only the default, acks and retries switch it off in `properties`, with a
 * warning; too many requests in flight are an error even then.
 */
export function checkIdempotence(
  properties: ParsedProperties,
  problems: OptionProblem[],
  warnings: string[],
): void {
  const { values, given } = properties;
  if (values.get('enable.idempotence') === true) {
    const isExplicit = given.has('enable.idempotence');
    checkInFlight(values.get('max.in.flight.requests.per.connection') as number, isExplicit, problems);
    for (const { property, got, needed, wayOut } of obstacles(properties)) {
      if (isExplicit) {
        problems.push({
          property,
          message: `${property}=${got} conflicts with enable.idempotence=true, which needs ${needed}: ${wayOut}, or set enable.idempotence=false`,
        });
      } else {
        values.set('enable.idempotence', false);
        warnings.push(
          `enable.idempotence is on by default and off where ${property} is not ${needed.replace(`${property}=`, '')}: retries may double or reorder records there`,
        );
      }
    }
  }
  checkTransactions(properties, problems);
}

interface Obstacle {
  readonly property: string;
  readonly got: string;
  readonly needed: string;
  readonly wayOut: string;
}

function obstacles({ values }: ParsedProperties): Obstacle[] {
  const acks = String(values.get('acks'));
  const found: Obstacle[] = [];
  if (acks !== 'all' && acks !== '-1') {
    found.push({ property: 'acks', got: acks, needed: 'acks=all', wayOut: 'set acks=all' });
  }
  if (values.get('retries') === 0) {
    found.push({
      property: 'retries',
      got: '0',
      needed: 'above 0',
      wayOut: 'leave retries out (delivery.timeout.ms bounds them)',
    });
  }
  return found;
}

function checkInFlight(inFlight: number, isExplicit: boolean, problems: OptionProblem[]): void {
  if (inFlight <= MAX_IN_FLIGHT) return;
  problems.push({
    property: 'max.in.flight.requests.per.connection',
    message:
      `max.in.flight.requests.per.connection must be <= ${MAX_IN_FLIGHT} with enable.idempotence=true` +
      `${isExplicit ? '' : ' (the default)'}, got ${inFlight}: lower it, or set enable.idempotence=false`,
  });
}

function checkTransactions({ values, given }: ParsedProperties, problems: OptionProblem[]): void {
  if (values.get('transactional.id') !== null && values.get('enable.idempotence') === false) {
    problems.push({
      property: 'transactional.id',
      message:
        'transactional.id needs enable.idempotence=true, which is off: set that (with acks=all and retries above 0), or leave transactional.id out',
    });
  }
  if (values.get('transaction.two.phase.commit.enable') === true && given.has('transaction.timeout.ms')) {
    problems.push({
      property: 'transaction.timeout.ms',
      message:
        'transaction.timeout.ms conflicts with transaction.two.phase.commit.enable=true, whose transactions never expire: leave one of them out',
    });
  }
}
