/** Counts what holds and what does not, a line each. */
export class Tally {
  #passed = 0;
  #failed = 0;

  get hasFailed(): boolean {
    return this.#failed > 0;
  }

  /** `found`: what there was instead; said only where `name` does not hold. */
  check(name: string, holds: boolean, found = ''): void {
    if (holds) this.#passed++;
    else this.#failed++;
    console.log(`${holds ? 'ok     ' : 'FAILED '} ${name}${holds || found === '' ? '' : `: ${found}`}`);
  }

  /** The last line, and the exit code: 1 when something did not hold. */
  end(): void {
    console.log(`${this.#passed} passed, ${this.#failed} failed`);
    process.exitCode = this.hasFailed ? 1 : 0;
  }
}
