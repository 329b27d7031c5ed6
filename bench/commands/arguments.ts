import { InvalidArgumentError } from 'commander';
import { reasonOf, usageError } from '../cli-error.ts';
import { parseCount } from '../option-values.ts';

/** Turns a reader of values into one of commander's, so that its complaint names the option. */
export function argument<T>(read: (text: string) => T): (text: string) => T {
  return (text) => {
    try {
      return read(text);
    } catch (error) {
      throw new InvalidArgumentError(reasonOf(error));
    }
  };
}

/** Of an option that takes a whole number within inclusive bounds. */
export function count(min: number, max: number): (text: string) => number {
  return argument((text) => parseCount(text, min, max));
}

/** Of `--seed`. */
export const SEED = count(0, Number.MAX_SAFE_INTEGER);

/** As argument, for an option that may be given several times; the values in order. */
export function repeatable<T>(
  read: (text: string) => T,
): (text: string, earlier?: readonly T[]) => readonly T[] {
  const readOne = argument(read);
  return (text, earlier = []) => [...earlier, readOne(text)];
}

/** As repeatable, for values that may be secrets: commander would repeat one that cannot be read. */
export function repeatableSetting<T>(
  option: string,
  read: (text: string) => T,
): (text: string, earlier?: readonly T[]) => readonly T[] {
  return (text, earlier = []) => {
    try {
      return [...earlier, read(text)];
    } catch (error) {
      throw usageError(`${option}: ${reasonOf(error)}`);
    }
  };
}
