import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  DEFAULT_LOG_CONFIG,
  describeLogConfig,
  LOG_OPTIONS,
  parseLogConfig,
} from '../../../core/log/log-config.ts';

describe('topic configurations', () => {
  it('default to what Kafka defaults to', () => {
    const { config, problems } = parseLogConfig({});
    assert.deepEqual(problems, []);
    assert.deepEqual(config, DEFAULT_LOG_CONFIG);
    const { segmentBytes, retentionMs, retentionBytes, maxMessageBytes, messageTimestampType } = config;
    assert.deepEqual(
      [segmentBytes, retentionMs, retentionBytes, maxMessageBytes, messageTimestampType],
      [1073741824, 604800000, -1, 1048588, 'CreateTime'],
    );
  });

  it('are read from text over the defaults handed in', () => {
    const defaults = { ...DEFAULT_LOG_CONFIG, retentionBytes: 5 };
    const given = {
      'segment.bytes': ' 65536 ',
      'message.timestamp.type': 'LogAppendTime',
      'flush.messages': 1,
    };
    const { config, problems } = parseLogConfig(given, defaults);
    assert.deepEqual(problems, []);
    assert.deepEqual(config, {
      ...defaults,
      segmentBytes: 65536,
      messageTimestampType: 'LogAppendTime',
      flushMessages: 1,
    });
  });

  it('report every problem at once, with the name that was meant, and keep the default', () => {
    const { config, problems } = parseLogConfig({
      'segment.byte': '100',
      'segment.bytes': '3',
      'retention.ms': '-2',
      'cleanup.policy': 'compact',
      'message.timestamp.type': 'logappendtime',
      'compression.type': 'zstd',
      'min.insync.replicas': 'two',
    });
    assert.deepEqual(
      problems.map(({ property, message }) => `${property} ${message}`),
      [
        'segment.byte is not a topic configuration',
        'segment.bytes must be >= 14, got 3',
        'retention.ms must be >= -1, got -2',
        'cleanup.policy must be one of delete, got "compact"',
        'message.timestamp.type must be one of CreateTime, LogAppendTime, got "logappendtime"',
        'compression.type must be one of producer, got "zstd"',
        'min.insync.replicas must be a whole number, got "two"',
      ],
    );
    assert.equal(problems[0]!.suggestion, 'segment.bytes');
    assert.deepEqual(config, DEFAULT_LOG_CONFIG);
  });

  it('take and give the largest long as Java writes it', () => {
    const { config, problems } = parseLogConfig({ 'flush.ms': '9223372036854775807' });
    assert.deepEqual(problems, []);
    const described = describeLogConfig(config);
    assert.equal(described.length, LOG_OPTIONS.length);
    const textOf = (name: string) => described.find(({ definition }) => definition.name === name)!.value;
    assert.equal(textOf('flush.ms'), '9223372036854775807');
    assert.equal(textOf('cleanup.policy'), 'delete');
    assert.equal(textOf('segment.bytes'), '1073741824');
  });
});
