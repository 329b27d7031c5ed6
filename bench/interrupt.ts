import type { CliIo } from './commands/cli-io.ts';
import { EXIT } from './exit-codes.ts';

/** Two signals within this time are one Ctrl-C that reached us twice: npm passes on what the terminal sends to all. */
const SAME_INTERRUPT_MS = 1000;

export interface Interrupt {
  /** Aborts at the first Ctrl-C. */
  readonly signal: AbortSignal;
  stop(): void;
}

/** The first Ctrl-C stops what runs, a later one leaves at once. */
export function listenForInterrupt(io: CliIo): Interrupt {
  const controller = new AbortController();
  let firstAt = 0;
  const stop = io.onInterrupt(() => {
    const now = Date.now();
    if (!controller.signal.aborted) {
      firstAt = now;
      controller.abort();
      io.stderr.write(
        '\ntidemark: stopping; what is finished will be written (Ctrl-C again to leave at once)\n',
      );
    } else if (now - firstAt >= SAME_INTERRUPT_MS) {
      io.exitNow(EXIT.interrupted);
    }
  });
  return { signal: controller.signal, stop };
}
