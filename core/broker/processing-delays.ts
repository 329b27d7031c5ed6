/** Long enough for any experiment, short enough for every request.timeout.ms. */
const MAX_PROCESSING_MS = 10_000;

/** What is wrong with processing delays, milliseconds by broker id, of a cluster of so many brokers; ids run from 1 on. */
export function processingProblems(
  processingMs: Readonly<Record<string, number>>,
  brokers: number,
): readonly string[] {
  return Object.entries(processingMs).flatMap(([id, delayMs]) => {
    const isBroker = /^[1-9]\d{0,5}$/.test(id) && Number(id) <= brokers;
    if (!isBroker) {
      const ids = brokers === 1 ? 'broker 1 is the only one' : `brokers are numbered 1 to ${brokers}`;
      return [`processing: there is no broker ${id}: ${ids}`];
    }
    if (delayMs >= 0 && delayMs <= MAX_PROCESSING_MS) return [];
    return [`processing of broker ${id} must be from 0 to ${MAX_PROCESSING_MS} ms, got ${delayMs}`];
  });
}
