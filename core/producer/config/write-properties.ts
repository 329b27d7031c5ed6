import type { OptionValue } from '../../base/options.ts';
import { HIDDEN } from '../../base/secret.ts';
import { OPTION_GROUPS, type ProducerOption } from './options/define-option.ts';
import { rangeText } from './options/option-texts.ts';
import { PRODUCER_OPTIONS } from './options.ts';
import { choosePartitioner } from './partitioner-choice.ts';
import { chooseSerializer, JAVA_SERIALIZERS, type SerializerName } from './serializer-choice.ts';

/** Effective properties under Kafka's names, as a ProducerConfig or a result holds them; secrets are `[hidden]`. */
export type EffectiveProperties = Readonly<Record<string, OptionValue>>;

/** Kafka's own defaults, where ours differ. */
const KAFKA_DEFAULTS: Readonly<Record<string, OptionValue>> = { 'enable.idempotence': true };
const JAVA_SERIALIZATION = 'org.apache.kafka.common.serialization.';
const JAVA_PRODUCER = 'org.apache.kafka.clients.producer.';
const PARTITIONER = [
  'partitioner.class',
  'partitioner.adaptive.partitioning.enable',
  'partitioner.ignore.keys',
];
const SERIALIZERS = ['key.serializer', 'value.serializer'];
const TEXT_WIDTH = 98;

/**
 * A configuration as a producer.properties that the Java producer of Kafka 4.1 takes as it is: what differs from
 * Kafka's defaults, and the serializers, without which it does not start. What 4.1 has no counterpart for, and
 * secrets, are comments.
 */
export function writeProperties(effective: EffectiveProperties): string {
  const lines: string[] = [];
  for (const option of PRODUCER_OPTIONS) {
    const { name } = option;
    if (SERIALIZERS.includes(name)) lines.push(...serializerLines(name, effective[name] ?? null));
    else if (name === 'partitioner.class') lines.push(...partitionerLines(effective));
    else if (!PARTITIONER.includes(name)) lines.push(...plainLines(option, effective));
  }
  return `${lines.join('\n')}\n`;
}

/** Every property as a producer.properties to fill in: its text as a comment, its default commented out. */
export function writePropertiesTemplate(): string {
  const sections = Object.entries(OPTION_GROUPS).map(([group, title]) => {
    const options = PRODUCER_OPTIONS.filter((option) => option.group === group);
    return `# ---- ${title} ----\n\n${options.map(templateEntry).join('\n')}`;
  });
  return `# Every producer property of Kafka 4.1. What is commented out has the value shown, or none.\n\n${sections.join('\n')}`;
}

function templateEntry(option: ProducerOption): string {
  const { name, type, importance, text, refused, withoutEffect } = option;
  const range = rangeText(option);
  const what = `${type}${range === '' ? '' : `, ${range}`}; importance ${importance}`;
  const here =
    refused !== undefined
      ? `Only its default is accepted here. ${refused}`
      : withoutEffect !== undefined
        ? `Without effect here. ${withoutEffect}`
        : null;
  const comments = [text, what, ...(here === null ? [] : [here])].flatMap((line) => wrapped(line));
  const assignment = SERIALIZERS.includes(name)
    ? propertyLine(name, `${JAVA_SERIALIZATION}ByteArraySerializer`)
    : `# ${propertyLine(name, String(defaultOf(option) ?? ''))}`;
  return `${comments.map((line) => `# ${line}`).join('\n')}\n${assignment}\n`;
}

function wrapped(text: string): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= TEXT_WIDTH)
      lines[lines.length - 1] += ` ${word}`;
    else lines.push(word);
  }
  return lines;
}

function defaultOf({ name, default: value }: ProducerOption): OptionValue {
  return Object.hasOwn(KAFKA_DEFAULTS, name) ? KAFKA_DEFAULTS[name]! : value;
}

function plainLines(option: ProducerOption, effective: EffectiveProperties): string[] {
  const { name, type } = option;
  if (!Object.hasOwn(effective, name)) return [];
  const value = effective[name] ?? null;
  if (value === null || String(value) === String(defaultOf(option))) return [];
  if (type === 'password') return [comment(propertyLine(name, HIDDEN))];
  if (name === 'interceptor.classes') {
    return [comment(`${propertyLine(name, String(value))} (modules of JavaScript, which Java cannot run)`)];
  }
  return [propertyLine(name, String(value))];
}

/** key.serializer and value.serializer have no default in Java. */
function serializerLines(name: string, value: OptionValue): string[] {
  const choice = chooseSerializer(value === null ? 'bytes' : String(value));
  const java = (serializer: SerializerName): string => {
    const className = JAVA_SERIALIZERS[serializer];
    return propertyLine(name, `${JAVA_SERIALIZATION}${className ?? JAVA_SERIALIZERS.bytes}`);
  };
  if (choice === null || choice.kind === 'module') {
    return [comment(`${propertyLine(name, String(value))} (a module, which Java cannot run)`), java('bytes')];
  }
  if (JAVA_SERIALIZERS[choice.name] !== null) return [java(choice.name)];
  return [
    comment(`${name}=${choice.name} here: Kafka 4.1 has no such serializer of its own`),
    java('string'),
  ];
}

/** Our names of what Kafka does by itself are Kafka's own properties; what 4.1 lacks is a comment. */
function partitionerLines(effective: EffectiveProperties): string[] {
  const given = effective['partitioner.class'] ?? null;
  const name = given === null ? null : String(given);
  const choice = choosePartitioner(name, {
    adaptive: String(effective['partitioner.adaptive.partitioning.enable'] ?? true) === 'true',
    ignoreKeys: String(effective['partitioner.ignore.keys'] ?? false) === 'true',
  });
  switch (choice?.kind) {
    case 'built-in':
      return [
        ...(choice.adaptive ? [] : [propertyLine('partitioner.adaptive.partitioning.enable', 'false')]),
        ...(choice.ignoreKeys ? [propertyLine('partitioner.ignore.keys', 'true')] : []),
      ];
    case 'round-robin':
      return [propertyLine('partitioner.class', `${JAVA_PRODUCER}RoundRobinPartitioner`)];
    case 'sticky':
      return [
        comment(
          `partitioner.class=sticky here${choice.ignoreKeys ? ', keys ignored' : ''} (KIP-480): Kafka 4.1 no longer has it; without partitioner.class it switches by bytes (KIP-794)`,
        ),
        ...(choice.ignoreKeys ? [propertyLine('partitioner.ignore.keys', 'true')] : []),
      ];
    case 'random':
      return [comment('partitioner.class=random here: Kafka 4.1 has no such partitioner of its own')];
    default:
      return [comment(`${propertyLine('partitioner.class', name ?? '')} (a module, which Java cannot run)`)];
  }
}

function comment(text: string): string {
  return `# ${text}`;
}

function propertyLine(name: string, value: string): string {
  return `${escaped(name, true)}=${escaped(value, false)}`;
}

const ESCAPES: Readonly<Record<string, string>> = { '\t': '\\t', '\n': '\\n', '\r': '\\r', '\f': '\\f' };

/** As java.util.Properties.store escapes: readable as Latin-1 and as UTF-8 alike. */
function escaped(text: string, isName: boolean): string {
  let line = '';
  for (let index = 0; index < text.length; index++) {
    const unit = text[index]!;
    const code = text.charCodeAt(index);
    if (Object.hasOwn(ESCAPES, unit)) line += ESCAPES[unit];
    else if (/[\\#!=:]/.test(unit) || (unit === ' ' && (isName || index === 0))) line += `\\${unit}`;
    else if (code < 0x20 || code > 0x7e) line += `\\u${code.toString(16).toUpperCase().padStart(4, '0')}`;
    else line += unit;
  }
  return line;
}
