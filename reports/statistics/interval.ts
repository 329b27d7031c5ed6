/** A confidence interval; its level is said where it is made. low <= high. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}
