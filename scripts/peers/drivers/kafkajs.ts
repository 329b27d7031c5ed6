/** kafkajs as a driver of `npm run bench:peers`. */
import zlib from 'node:zlib';
import kafkajs, { type Message } from 'kafkajs';
import lz4 from 'lz4-napi';
import type { DriverRun } from '../driver-run.ts';
import { CallLoad } from './call-lanes.ts';
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
  const acks = run.acks === 'all' ? -1 : 1;
  return new CallLoad<Message>(run, payloads, {
    message: (value, partition) => ({ value, partition }),
    send: (messages) =>
      producer.send({ topic: run.topic, acks, compression: CODECS[run.compression], messages }),
    close: () => producer.disconnect(),
    settings: { maxInFlightRequests: run.maxInFlight },
  });
}

await drive('kafkajs', start);
