import { resolveSide, type SourceOptions } from '../duet/resolve-side.ts';
import type { Side } from '../duet/side.ts';
import type { PairedOptions } from './paired-load.ts';
import { commonProperties, withProperties } from './properties-of-both.ts';

/** Both sides, ready to be started, with the properties that they share. */
export interface PreparedSides {
  readonly base: Side;
  readonly candidate: Side;
  /** Never rejects. */
  release(): Promise<void>;
}

export type PrepareSides = typeof prepareSides;

/** One after the other, since each may build. Rejects as resolveSide does; what was made for the first goes then. */
export async function prepareSides(
  options: Pick<PairedOptions, 'base' | 'candidate' | 'driver' | 'build' | 'producer'>,
  context: Pick<SourceOptions, 'workingDirectory' | 'onNote' | 'signal'>,
): Promise<PreparedSides> {
  const common = commonProperties(options.producer, context.workingDirectory, context.onNote);
  const { driver, build } = options;
  const base = await resolveSide(options.base, { ...context, driver, build, role: 'base' });
  try {
    const candidate = await resolveSide(options.candidate, { ...context, driver, build, role: 'candidate' });
    const release = async (): Promise<void> => {
      await base.release();
      await candidate.release();
    };
    try {
      return { base: withProperties(base, common), candidate: withProperties(candidate, common), release };
    } catch (error) {
      await candidate.release();
      throw error;
    }
  } catch (error) {
    await base.release();
    throw error;
  }
}
