import type { Side } from '../side.ts';

export interface SourceOptions {
  readonly role: 'base' | 'candidate';
  /** Where the user is: paths, repositories and libraries are looked up from here. */
  readonly workingDirectory: string;
  /** `--driver`: a file relative to the side's directory, or a command. */
  readonly driver?: string | undefined;
  /** `--build`: a command run in the side's directory. */
  readonly build?: string | undefined;
  /** A line for people about what is being done. */
  readonly onNote: (text: string) => void;
  readonly signal: AbortSignal;
}

/** A side that is ready to be started, as often as wanted, until it is released. */
export interface PreparedSide extends Side {
  /** Removes what was made for it. Never rejects, may be called twice. */
  release(): Promise<void>;
}

export const NOTHING_TO_RELEASE = async (): Promise<void> => {};
