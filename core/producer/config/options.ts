import { BATCHING_OPTIONS } from './options/batching-options.ts';
import { CONNECTION_OPTIONS } from './options/connection-options.ts';
import { OPTION_GROUPS, type ProducerOption } from './options/define-option.ts';
import { DELIVERY_OPTIONS } from './options/delivery-options.ts';
import { METRICS_OPTIONS } from './options/metrics-options.ts';
import { OAUTH_OPTIONS } from './options/oauth-options.ts';
import { PARTITIONING_OPTIONS } from './options/partitioning-options.ts';
import { RECORD_OPTIONS } from './options/record-options.ts';
import { SASL_OPTIONS } from './options/sasl-options.ts';
import { TLS_OPTIONS } from './options/tls-options.ts';
import { TRANSACTION_OPTIONS } from './options/transaction-options.ts';

const IMPORTANCES = ['high', 'medium', 'low'];

/**
 * Every producer property of Kafka 4.1 (ProducerConfig) under Kafka's own name, with Kafka's default, range and
 * importance, and what it does here; by theme, and within a theme by importance and name.
 */
export const PRODUCER_OPTIONS: readonly ProducerOption[] = [
  ...BATCHING_OPTIONS,
  ...DELIVERY_OPTIONS,
  ...PARTITIONING_OPTIONS,
  ...RECORD_OPTIONS,
  ...CONNECTION_OPTIONS,
  ...TLS_OPTIONS,
  ...SASL_OPTIONS,
  ...OAUTH_OPTIONS,
  ...TRANSACTION_OPTIONS,
  ...METRICS_OPTIONS,
].sort(
  (left, right) =>
    groupIndex(left) - groupIndex(right) ||
    IMPORTANCES.indexOf(left.importance) - IMPORTANCES.indexOf(right.importance) ||
    (left.name < right.name ? -1 : 1),
);

function groupIndex({ group }: ProducerOption): number {
  return Object.keys(OPTION_GROUPS).indexOf(group);
}

/** Whether a property holds a secret: its value is never shown and never stored. */
export function isPassword(name: string): boolean {
  return PRODUCER_OPTIONS.some((option) => option.name === name && option.type === 'password');
}

/** Whether a property's value may be shown; what nobody knows here may be a secret under a misspelt name. */
export function isShowable(name: string): boolean {
  return PRODUCER_OPTIONS.some((option) => option.name === name && option.type !== 'password');
}
