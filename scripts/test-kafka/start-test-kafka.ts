import { type KafkaCluster, type KafkaOptions, startKafka } from '../kafka/start-kafka.ts';

/** As startKafka, with brokers that start in two thirds of the CPU time: these tests start many, and load them little. */
export function startTestKafka(options: KafkaOptions = {}): Promise<KafkaCluster> {
  return startKafka({ ...options, javaFlags: ['-XX:TieredStopAtLevel=1'] });
}
