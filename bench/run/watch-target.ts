const LOOK_EVERY_MS = 3000;
/** A broker that restarts is no target that is gone. */
const MISSES_IN_A_ROW = 3;

/**
 * Looks whether a target still answers, while a trial runs: its producers alone would go on trying for
 * delivery.timeout.ms, two minutes. Aborts the returned signal when it is gone, until stopped.
 */
export function watchTarget(
  isThere: () => Promise<boolean>,
  everyMs: number = LOOK_EVERY_MS,
): { readonly gone: AbortSignal; stop(): void } {
  const controller = new AbortController();
  let isStopped = false;
  let misses = 0;
  let timer = setTimeout(look, everyMs);
  async function look(): Promise<void> {
    misses = (await isThere()) ? 0 : misses + 1;
    if (isStopped) return;
    if (misses >= MISSES_IN_A_ROW) controller.abort();
    else timer = setTimeout(look, everyMs);
  }
  return {
    gone: controller.signal,
    stop: () => {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}
