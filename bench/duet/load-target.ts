/** What the load loop drives: a client of whatever kind, behind one way to send and one to settle. */
export interface LoadTarget {
  /** Records acknowledged while it was made: the topic is known and written to before any clock starts. */
  readonly touched: number;
  /**
   * Sends the records `first` to `first + count - 1` of the run. Each is told of exactly once through the handlers that
   * the target was made with, and never within this call.
   */
  send(first: number, count: number): void;
  /** Nothing more comes for now: what waits for company is sent at once. Where a client can do that. */
  flush?(): void;
  /** Closes the client. */
  close(): Promise<unknown>;
}

export interface SettleHandlers {
  /** Records `first` to `first + count - 1` are acknowledged. */
  onAcknowledged(first: number, count: number): void;
  onFailed(error: unknown): void;
}

/** What records are made of, ready before any clock starts. */
export interface LoadRecords {
  payloadAt(sequence: number): Buffer;
  keyAt(sequence: number): Buffer | null;
}
