import { createSlowedProducer } from './slowed-producer.ts';

/** What a driver's process loads instead of core/tidemark.ts. */
export const Producer = createSlowedProducer(0.02);
