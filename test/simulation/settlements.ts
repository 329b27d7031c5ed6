import type { Clock } from '../../core/base/clock.ts';
import type { TidemarkError } from '../../core/base/errors.ts';
import type { DeliveryCallback, RecordMetadata } from '../../core/producer/types.ts';
import type { PlannedRecord } from './schedule.ts';

/** What became of one record, as its sender was told. */
export interface Settlement {
  readonly record: PlannedRecord;
  readonly sentNs: number;
  /** How often it was told: once is right, but for records that are fired and forgotten. */
  count: number;
  error: unknown;
  metadata: RecordMetadata | null;
  settledNs: number;
}

/** Everything that was sent and told, in the order sent. */
export class Settlements {
  readonly all: Settlement[] = [];
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The record is about to be sent. */
  open(record: PlannedRecord): Settlement {
    const settlement: Settlement = {
      record,
      sentNs: this.#clock.nowNs(),
      count: 0,
      error: null,
      metadata: null,
      settledNs: Number.NaN,
    };
    this.all.push(settlement);
    return settlement;
  }

  settle(settlement: Settlement, error: unknown, metadata: RecordMetadata | null): void {
    settlement.count++;
    settlement.error = error;
    settlement.metadata = metadata;
    settlement.settledNs = this.#clock.nowNs();
  }

  readonly onDelivered: DeliveryCallback = (error: TidemarkError | null, metadata, opaque) => {
    this.settle(opaque as Settlement, error, metadata);
  };

  /** Told ones that no sender forgot. */
  get pending(): Settlement[] {
    return this.all.filter((one) => one.count === 0 && one.record.form !== 'forget');
  }
}
