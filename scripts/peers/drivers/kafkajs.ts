/** kafkajs as a driver of `npm run bench:peers`. */
import zlib from 'node:zlib';
import kafkajs, { type Message } from 'kafkajs';
import lz4 from 'lz4-napi';
import type { DriverRun } from '../driver-run.ts';
import { cutIntoCalls, keepUnderWay, recordsPerCall } from './call-lanes.ts';
import { drive, type NodeLoad } from './node-load.ts';

const { CompressionCodecs, CompressionTypes, Kafka, logLevel } = kafkajs;
const CODECS = { none: CompressionTypes.None, lz4: CompressionTypes.LZ4, zstd: CompressionTypes.ZSTD };

// kafkajs leaves lz4 and zstd to plug-ins; these are the libraries that Tidemark uses.
CompressionCodecs[CompressionTypes.LZ4] = () => ({
  compress: async (encoder: { buffer: Buffer }) => lz4.compressFrameSync(encoder.buffer),
  decompress: async (bytes: Buffer) => lz4.decompressFrameSync(bytes),
});
CompressionCodecs[CompressionTypes.ZSTD] = () => ({
  compress: async (encoder: { buffer: Buffer }) => zlib.zstdCompressSync(encoder.buffer),
  decompress: async (bytes: Buffer) => zlib.zstdDecompressSync(bytes),
});

async function start(run: DriverRun, payloads: readonly Buffer[]): Promise<NodeLoad> {
  const kafka = new Kafka({ brokers: run.bootstrapServers.split(','), logLevel: logLevel.ERROR });
  const producer = kafka.producer({
    allowAutoTopicCreation: false,
    maxInFlightRequests: run.maxInFlight,
    idempotent: run.isIdempotent,
  });
  await producer.connect();
  const perCall = recordsPerCall(run, payloads.length);
  const calls = cutIntoCalls(payloads, perCall).flatMap((call) =>
    Array.from({ length: run.partitions }, (_, partition) =>
      call.map((value): Message => ({ value, partition })),
    ),
  );
  const acks = run.acks === 'all' ? -1 : 1;
  let nextCall = 0;
  let acknowledged = 0;
  return {
    get acknowledged() {
      return acknowledged;
    },
    run: (durationMs) =>
      keepUnderWay(run.maxInFlight, durationMs, async () => {
        const messages = calls[nextCall++ % calls.length]!;
        await producer.send({ topic: run.topic, acks, compression: CODECS[run.compression], messages });
        acknowledged += messages.length;
      }),
    close: () => producer.disconnect(),
    settings: {
      'records per send()': perCall,
      'send() under way': run.maxInFlight,
      maxInFlightRequests: run.maxInFlight,
      acks: run.acks,
      idempotent: run.isIdempotent,
      compression: run.compression,
      linger: 'none',
    },
  };
}

await drive('kafkajs', start);
