import { optionsOf, type ProducerOption } from './define-option.ts';

const { int, flag, text } = optionsOf('transactions');

const NOT_SERVED = 'Transactions are not served yet: leave it out; without it,';

/** Transactions, which are not served yet. */
export const TRANSACTION_OPTIONS: readonly ProducerOption[] = [
  int(
    'transaction.timeout.ms',
    'low',
    60_000,
    'How long a transaction may stay open before the broker aborts it.',
    { withoutEffect: 'Transactions are not served yet.' },
  ),
  flag(
    'transaction.two.phase.commit.enable',
    'low',
    false,
    'Transactions are part of a two-phase commit and never expire.',
    { refused: `${NOT_SERVED} no transaction is begun.` },
  ),
  text(
    'transactional.id',
    'low',
    null,
    'Name under which a producer takes up the transactions of the one before it.',
    {
      isNeverEmpty: true,
      refused: `${NOT_SERVED} enable.idempotence=true keeps each record once and in order for the life of the producer.`,
    },
  ),
];
