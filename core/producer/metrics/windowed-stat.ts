/** How long metrics look back: this many samples of this length (metrics.num.samples, metrics.sample.window.ms). */
export interface MetricWindow {
  readonly samples: number;
  readonly sampleMs: number;
}

interface Sample {
  startMs: number;
  lastEventMs: number;
  events: number;
  sum: number;
  max: number;
}

/**
 * What was recorded over the last samples, and in all (Kafka's SampledStat with Avg, Max, Rate and Meter). One more
 * sample than asked for is kept: one that reaches into the window counts although it began before it.
 */
export class WindowedStat {
  /** Sum of everything ever recorded. */
  total = 0;
  /** How often something was recorded. */
  totalEvents = 0;
  private readonly window: MetricWindow;
  private readonly samples: Sample[] = [];
  private current = 0;

  constructor(window: MetricWindow) {
    this.window = window;
  }

  record(value: number, nowMs: number): void {
    let sample = this.samples[this.current];
    if (sample === undefined) {
      sample = newSample(nowMs);
      this.samples.push(sample);
    } else if (nowMs - sample.startMs >= this.window.sampleMs) {
      sample = this.advance(nowMs);
    }
    sample.events++;
    sample.lastEventMs = nowMs;
    sample.sum += value;
    if (value > sample.max) sample.max = value;
    this.total += value;
    this.totalEvents++;
  }

  /** NaN when nothing was recorded in the window, as in Kafka. */
  average(nowMs: number): number {
    this.purge(nowMs);
    return this.sumOf('sum') / this.sumOf('events');
  }

  /** NaN when nothing was recorded in the window. */
  max(nowMs: number): number {
    this.purge(nowMs);
    const max = this.samples.reduce((most, sample) => Math.max(most, sample.max), Number.NEGATIVE_INFINITY);
    return max === Number.NEGATIVE_INFINITY ? Number.NaN : max;
  }

  /** What was recorded, per second. */
  perSecond(nowMs: number): number {
    const windowMs = this.elapsedMs(nowMs);
    return (this.sumOf('sum') / windowMs) * 1000;
  }

  /** How often something was recorded, per second. */
  eventsPerSecond(nowMs: number): number {
    const windowMs = this.elapsedMs(nowMs);
    return (this.sumOf('events') / windowMs) * 1000;
  }

  private sumOf(field: 'sum' | 'events'): number {
    return this.samples.reduce((sum, sample) => sum + sample[field], 0);
  }

  private advance(nowMs: number): Sample {
    this.current = (this.current + 1) % (this.window.samples + 1);
    const sample = newSample(nowMs);
    this.samples[this.current] = sample;
    return sample;
  }

  private purge(nowMs: number): void {
    const { samples, sampleMs } = this.window;
    this.samples.forEach((sample, index) => {
      if (nowMs - sample.lastEventMs >= samples * sampleMs) this.samples[index] = newSample(nowMs);
    });
  }

  /**
   * Since the oldest sample began; a window that is not full yet counts as if all samples but the last were, so
   * that the first seconds do not show a rate far too high (Rate.windowSize).
   */
  private elapsedMs(nowMs: number): number {
    this.purge(nowMs);
    const { samples, sampleMs } = this.window;
    const oldestMs = this.samples.reduce((oldest, { startMs }) => Math.min(oldest, startMs), nowMs);
    const elapsedMs = nowMs - oldestMs;
    const missing = Math.max(0, samples - 1 - Math.floor(elapsedMs / sampleMs));
    return Math.max(1, elapsedMs + missing * sampleMs);
  }
}

function newSample(nowMs: number): Sample {
  return { startMs: nowMs, lastEventMs: nowMs, events: 0, sum: 0, max: Number.NEGATIVE_INFINITY };
}
