/** One level of one factor with its uncertainty: `levels[]` of result.json. Intervals are at 95 %. */
export interface LevelSummary {
  /** The property varied; null in grids and single configurations. */
  readonly factor: string | null;
  /** The level as text; the base's own value where the level is the base's. */
  readonly value: string;
  readonly isBase: boolean;
  /** Trials that went well. */
  readonly n: number;
  /** null where the trials have no saturated phase. low and high are null with one trial. */
  readonly recordsPerSecond: {
    readonly mean: number;
    readonly low: number | null;
    readonly high: number | null;
  } | null;
  /** The merged histogram's quantile, with an interval from the spread of its logarithm over the trials; null below ten distinct requests beyond it. */
  readonly latencyP99Ms: {
    readonly value: number;
    readonly low: number | null;
    readonly high: number | null;
  } | null;
  /** Of the throughput; null without one. */
  readonly versusBase: VersusBase | null;
  readonly latencyP99VersusBase: VersusBase | null;
  readonly cpuVersusBase: VersusBase | null;
}

/**
 * A level over the base, compared within rounds: Dunnett's procedure at 5 % for the whole family of its factor; in a run
 * with --precision, whose looks count too, at 3 % each, which comes to 5 % at most.
 */
export interface VersusBase {
  /** level / base; 1 for the base itself. */
  readonly ratio: number;
  /** Simultaneous 95 % interval of the ratio; null with fewer than two rounds. */
  readonly low: number | null;
  readonly high: number | null;
  /** The interval leaves out 1. false where nothing can be said. */
  readonly significant: boolean;
  /** The smallest relative difference (0.05: 5 %) that would have been found with 80 % power; null with fewer than two rounds. */
  readonly detectable: number | null;
}
