/** Chance, handed in and seeded: the same seed gives the same draws on every machine. */
export interface Random {
  /** An unsigned 32-bit integer. */
  nextUint32(): number;
  /** A double in [0, 1). */
  nextDouble(): number;
  /** An integer in [0, bound), bound in 1..2^32. */
  nextBelow(bound: number): number;
}

/** 32-bit mixing step of MurmurHash3: spreads neighbouring seeds apart. */
function mix(value: number): number {
  let hash = value | 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}

/** sfc32 (PractRand's small fast counter generator): 128 bits of state, period at least 2^32. */
export class SeededRandom implements Random {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  /** `stream` separates independent draws of one seed (payload, order, partitioner of generator 3, ...). */
  constructor(seed: number, stream = 0) {
    this.#a = mix(seed);
    this.#b = mix(seed / 0x1_0000_0000 + 0x9e3779b9);
    this.#c = mix(stream + 0x7f4a7c15);
    for (let round = 0; round < 12; round++) this.nextUint32();
  }

  nextUint32(): number {
    const sum = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }

  nextDouble(): number {
    return this.nextUint32() / 0x1_0000_0000;
  }

  nextBelow(bound: number): number {
    return Math.floor(this.nextDouble() * bound);
  }
}
