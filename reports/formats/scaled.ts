/** A figure in another unit, without the digits that binary fractions add: 8e-7, not 8.000000000000001e-7. */
export function scaled(value: number, factor: number): number {
  return factor === 1 ? value : Number((value * factor).toPrecision(12));
}
