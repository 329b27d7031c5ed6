interface Barrier {
  readonly lastId: number;
  remaining: number;
  readonly onDone: () => void;
}

/** Calls back when everything numbered up to some point has passed, in whatever order. */
export class Barriers {
  private readonly barriers: Barrier[] = [];

  /** `remaining` things numbered at most `lastId` have yet to pass. Calls back at once when there are none. */
  add(lastId: number, remaining: number, onDone: () => void): void {
    if (remaining === 0) onDone();
    else this.barriers.push({ lastId, remaining, onDone });
  }

  /** In the place of one numbered `id` there are now so many more. */
  multiplied(id: number, more: number): void {
    for (const barrier of this.barriers) if (id <= barrier.lastId) barrier.remaining += more;
  }

  passed(id: number): void {
    for (let index = this.barriers.length - 1; index >= 0; index--) {
      const barrier = this.barriers[index]!;
      if (id > barrier.lastId) continue;
      barrier.remaining--;
      if (barrier.remaining > 0) continue;
      this.barriers.splice(index, 1);
      barrier.onDone();
    }
  }
}
