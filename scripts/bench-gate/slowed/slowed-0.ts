import { createSlowedProducer } from './slowed-producer.ts';

/** The base of the slowed ones: it does what they do, and burns nothing. */
export const Producer = createSlowedProducer(0);
