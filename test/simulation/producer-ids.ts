/** Producer ids as a broker gives them: without a transactional id each request gets a new one, at epoch 0. */
export class ProducerIds {
  #last = 1000;

  give(): { producerId: number; producerEpoch: number } {
    return { producerId: ++this.#last, producerEpoch: 0 };
  }
}
