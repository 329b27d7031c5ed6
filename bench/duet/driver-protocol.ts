/**
 * How the measuring process and a driver's process talk: a line of JSON each, commands in on standard input, answers out
 * on standard output. Other output lines are kept as the driver's log. A program in any language can speak it
 * (docs/drivers.md); modules and builds of Tidemark are spoken for by driver-host.ts.
 *
 *     -> {"type":"connect", ...}                          <- {"type":"ready"}
 *     -> {"type":"closed","durationMs":100}               <- {"type":"segment","records":..,"wallNs":..,"cpuNs":..}
 *     -> {"type":"open","durationMs":200,"recordsPerSecond":2000}
 *                                                         <- {"type":"segment", ..., "latencyNs":{"p50":..,"p90":..,"p99":..}}
 *     -> {"type":"finish"}                                <- {"type":"finished","acknowledged":..}, and the process ends
 *
 * At any time: <- {"type":"error","message":".."}. Between commands a driver is idle: it sends nothing.
 */
export type DriverCommand =
  | {
      readonly type: 'connect';
      readonly bootstrapServers: string;
      readonly topic: string;
      readonly partitions: number;
      readonly properties: Readonly<Record<string, string>>;
      readonly load: DriverLoad;
    }
  /** As fast as `load.inFlight` records outstanding allow, for that long; answered when all of them are acknowledged. */
  | { readonly type: 'closed'; readonly durationMs: number }
  /** Record k is due at start + k / rate, whatever happened before; latency runs from there. */
  | { readonly type: 'open'; readonly durationMs: number; readonly recordsPerSecond: number }
  | { readonly type: 'finish' };

export interface DriverLoad {
  readonly recordSizeBytes: number;
  /** Different payloads, made from the seed before the clock starts. */
  readonly poolSize: number;
  readonly seed: number;
  /** Records handed to one send(). */
  readonly recordsPerSend: number;
  /** Records outstanding at most in a closed segment. */
  readonly inFlight: number;
  /** Different keys, drawn evenly by the seed; absent or 0: records have no key. */
  readonly keyCount?: number;
}

export type DriverAnswer =
  | { readonly type: 'ready' }
  | DriverSegment
  | { readonly type: 'finished'; readonly acknowledged: number }
  | { readonly type: 'error'; readonly message: string };

export interface DriverSegment {
  readonly type: 'segment';
  /** Acknowledged in the segment. */
  readonly records: number;
  readonly wallNs: number;
  /** User and system time of the whole process; null when the driver cannot tell. */
  readonly cpuNs: number | null;
  /** From the intended send; only of open segments. */
  readonly latencyNs?: { readonly p50: number; readonly p90: number; readonly p99: number };
}
