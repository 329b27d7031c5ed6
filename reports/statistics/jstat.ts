import { createRequire } from 'node:module';

/** The part of jstat that is used here; the package brings no types. Quantiles are good to about eight digits. */
interface Jstat {
  readonly studentt: { inv(p: number, degreesOfFreedom: number): number };
  readonly beta: { inv(p: number, alpha: number, beta: number): number };
  readonly normal: { inv(p: number, mean: number, deviation: number): number };
  /** Regularized incomplete beta function. */
  ibeta(x: number, alpha: number, beta: number): number;
  erf(x: number): number;
}

const require = createRequire(import.meta.url);

export const { jStat } = require('jstat') as { readonly jStat: Jstat };
