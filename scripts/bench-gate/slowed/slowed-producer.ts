import { appendFileSync } from 'node:fs';
import { type ProducerProperties, Producer as RealProducer } from '../../../core/tidemark.ts';
import { BatchBurner } from './batch-burner.ts';

/** Where a process tells what slowdown it really had: a line of JSON when its producer is closed. */
export const REPORT_VARIABLE = 'TIDEMARK_GATE_REPORT';

export interface SlowdownReport {
  readonly slowdown: number;
  /** CPU burnt over all other CPU, once the process was warm. */
  readonly achieved: number;
}

/**
 * The Producer of this tree, made slower by a known share through its observer. With 0 it burns nothing and pays for the
 * observer and the clocks all the same: what a slowed one is held against.
 */
export function createSlowedProducer(slowdown: number): new (properties: ProducerProperties) => RealProducer {
  function Producer(properties: ProducerProperties): RealProducer {
    const burner = new BatchBurner({ slowdown });
    const producer = new RealProducer(properties, {
      observer: { onBatchSettled: ({ recordCount }) => burner.settled(recordCount) },
    });
    const close = producer.close.bind(producer);
    // Not when the process ends: by then it may be killed at any time.
    producer.close = (options) => {
      if (slowdown > 0) report(slowdown, burner);
      return close(options);
    };
    return producer;
  }
  // An object that a constructor returns is what `new` gives.
  return Producer as unknown as new (
    properties: ProducerProperties,
  ) => RealProducer;
}

function report(slowdown: number, { total: { burntNs, otherNs } }: BatchBurner): void {
  const file = process.env[REPORT_VARIABLE];
  if (file === undefined || otherNs === 0) return;
  const line: SlowdownReport = { slowdown, achieved: burntNs / otherNs };
  appendFileSync(file, `${JSON.stringify(line)}\n`);
}
