import type { Result } from '../../reports/result.ts';
import { quickFixture } from './result-fixture.ts';

/** Text that would be markup, script, a comment's or a line's end if anything forgot to escape it. */
export const HOSTILE =
  '</script><script>globalThis.broken=1</script><!--<script> --><img src=x onerror="globalThis.broken=1">"\'`$\u007b1}&amp;\u2028\u2029\u0000{b}';

/** The quick fixture with hostile text wherever a user's words can stand. */
export function hostileResult(): { result: Result; histograms: ReadonlyMap<string, Uint8Array> } {
  const { result, histograms } = quickFixture({ records: 500 });
  const trials = result.trials.map((trial) => {
    const changed = { ...trial, topic: { ...trial.topic, name: `t${HOSTILE}` }, notes: [HOSTILE] };
    if (trial.id === 'r1-acks-1') return { ...changed, status: 'failed' as const, error: HOSTILE };
    if (trial.id !== 'r1-partitioner.class-sticky') return changed;
    return { ...changed, level: HOSTILE, producer: { ...trial.producer, 'partitioner.class': HOSTILE } };
  });
  const factors = result.factors.map((factor) => ({
    ...factor,
    levels: factor.levels.map((level) => (level === 'sticky' ? HOSTILE : level)),
  }));
  return {
    result: {
      ...result,
      suite: HOSTILE,
      command: `tidemark run ${HOSTILE}`,
      factors,
      base: { ...result.base, 'client.id': HOSTILE },
      notes: [...result.notes, HOSTILE],
      environment: { ...result.environment, cpu: HOSTILE, packages: { [HOSTILE]: HOSTILE } },
      trials,
    },
    histograms,
  };
}
