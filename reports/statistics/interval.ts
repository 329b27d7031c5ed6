/** A confidence interval; its level is said where it is made. low <= high. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** A figure with the interval that goes with it, and how many independent values (trials, sessions) stand behind it. */
export interface Estimate extends Interval {
  readonly value: number;
  readonly n: number;
}
