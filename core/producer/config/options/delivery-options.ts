import { INT_MAX, optionsOf, type ProducerOption } from './define-option.ts';

const { int, long, flag, text } = optionsOf('delivery');

/** Who acknowledges, what is tried again and for how long, and in which order batches go out. */
export const DELIVERY_OPTIONS: readonly ProducerOption[] = [
  int(
    'retries',
    'high',
    INT_MAX,
    'Attempts after a retriable failure; delivery.timeout.ms bounds them in time.',
    { min: 0 },
  ),
  int(
    'delivery.timeout.ms',
    'medium',
    120_000,
    'A record is acknowledged or failed within this time of the creation of its batch; at least linger.ms + request.timeout.ms.',
    { min: 0 },
  ),
  int(
    'request.timeout.ms',
    'medium',
    30_000,
    'How long to wait for one response before the request has failed.',
    { min: 0 },
  ),
  text(
    'acks',
    'low',
    'all',
    'Who must have a batch before it counts as sent: 0 nobody, 1 the leader, all (-1) every replica in sync.',
    { oneOf: ['all', '-1', '0', '1'] },
  ),
  flag(
    'enable.idempotence',
    'low',
    true,
    'One copy of each record, in order, despite retries. Needs acks=all, retries above 0 and at most 5 in flight.',
  ),
  int(
    'max.in.flight.requests.per.connection',
    'low',
    5,
    'Unanswered requests per broker; with more than 1 and without idempotence a retry may reorder records.',
    { min: 1 },
  ),
  long('retry.backoff.ms', 'low', 100, 'Pause before the first retry; doubles each time, with 20 % jitter.', {
    min: 0,
  }),
  long('retry.backoff.max.ms', 'low', 1_000, 'Longest pause between two retries.', { min: 0 }),
];
