/** Of logarithms and their standard errors: what lies closer to 0 than this is rounding and nothing else. */
export const ROUNDING = 1e-12;

/** 0 for what is rounding and nothing else: figures that a seed decides are the same in every trial, down to the last digit. */
export function withoutRounding(value: number): number {
  return Math.abs(value) < ROUNDING ? 0 : value;
}
