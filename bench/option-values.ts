import { topicNameProblem } from '../core/broker/topic-name.ts';
import { parseServer } from '../core/client/bootstrap-servers.ts';

/** Reads values as people write them on a command line or in a suite. Each throws a RangeError that says what is expected. */

const DURATION_UNITS_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };
const MAX_DURATION_MS = 24 * 3_600_000;
/** For JSON Schema and for the message. */
export const DURATION_PATTERN = /^\d{1,9}(?:\.\d{1,3})?(?:ms|s|m|h)$/;

/** `300ms`, `5s`, `1.5m`, `1h` to milliseconds; at most a day. The unit is never guessed. */
export function parseDurationMs(text: string): number {
  const match = /^(\d{1,9}(?:\.\d{1,3})?)(ms|s|m|h)$/.exec(text.trim());
  if (match === null) throw new RangeError(`got '${text}', expected a number with a unit: 300ms, 5s, 1m`);
  const durationMs = Math.round(Number(match[1]) * DURATION_UNITS_MS[match[2]!]!);
  if (durationMs > MAX_DURATION_MS) throw new RangeError(`got '${text}', expected at most 24h`);
  return durationMs;
}

/** As parseDurationMs, above zero. */
export function parsePositiveDurationMs(text: string): number {
  const durationMs = parseDurationMs(text);
  if (durationMs <= 0) throw new RangeError(`got '${text}', expected more than 0ms`);
  return durationMs;
}

const SIZE_UNITS_BYTES: Readonly<Record<string, number>> = {
  '': 1,
  b: 1,
  kb: 1000,
  mb: 1_000_000,
  k: 1024,
  kib: 1024,
  m: 1_048_576,
  mib: 1_048_576,
};

/** `100`, `1KiB`, `1kB` (1000), `1MiB` to bytes, from 1 to `maxBytes`. */
export function parseSizeBytes(text: string, maxBytes: number): number {
  const match = /^(\d{1,12})\s*([a-zA-Z]{0,3})$/.exec(text.trim());
  const unitBytes = match === null ? undefined : SIZE_UNITS_BYTES[match[2]!.toLowerCase()];
  if (match === null || unitBytes === undefined) {
    throw new RangeError(`got '${text}', expected a number of bytes: 100, 1KiB, 1MiB`);
  }
  const sizeBytes = Number(match[1]) * unitBytes;
  if (sizeBytes < 1 || sizeBytes > maxBytes) {
    throw new RangeError(`got '${text}', expected 1 to ${maxBytes} bytes`);
  }
  return sizeBytes;
}

/** A whole number within inclusive bounds. */
export function parseCount(text: string, min: number, max: number): number {
  const value = /^[+-]?\d{1,16}$/.test(text.trim()) ? Number(text) : Number.NaN;
  if (!Number.isSafeInteger(value) || value < min || value > max) {
    throw new RangeError(`got '${text}', expected a whole number from ${min} to ${max}`);
  }
  return value;
}

/** For JSON Schema. */
export const PRECISION_PATTERN = /^\d{1,2}(?:\.\d{1,3})?\s?%$/;
const [MIN_PRECISION_PERCENT, MAX_PRECISION_PERCENT] = [0.1, 50];

/** `2%` to 0.02. The sign is never guessed. */
export function parsePrecision(text: string): number {
  const match = /^(\d{1,6}(?:\.\d{1,6})?)\s*%$/.exec(text.trim());
  const percent = match === null ? Number.NaN : Number(match[1]);
  if (percent >= MIN_PRECISION_PERCENT && percent <= MAX_PRECISION_PERCENT) return percent / 100;
  throw new RangeError(
    `got '${text}', expected per cent from ${MIN_PRECISION_PERCENT}% to ${MAX_PRECISION_PERCENT}%: 2%`,
  );
}

/** `name=value`; the value may hold further `=` and may be empty. It may be a secret: no message repeats it. */
export function parseKeyValue(text: string): { readonly name: string; readonly value: string } {
  const separator = text.indexOf('=');
  const name = text.slice(0, Math.max(separator, 0)).trim();
  if (separator < 0) throw new RangeError("got text without '=', expected name=value");
  if (name === '') throw new RangeError("got nothing before '=', expected name=value");
  return { name, value: text.slice(separator + 1).trim() };
}

/** `linger.ms=0,5,50` to a property and its levels, in order. */
export function parseFactorSetting(text: string): { readonly property: string; readonly levels: string[] } {
  const { name, value } = parseKeyValue(text);
  const levels = value.split(',').map((level) => level.trim());
  if (levels.some((level) => level === '')) {
    throw new RangeError(`got an empty level of ${name}, expected property=level[,level...]`);
  }
  return { property: name, levels };
}

/** A broker's processing delay. */
export interface Processing {
  readonly id: string;
  readonly delayMs: number;
}

/** `1=20ms`: how long broker 1 takes over each produce request. */
export function parseProcessing(text: string): Processing {
  const match = /^\s*(\d{1,5})\s*=(.*)$/.exec(text);
  if (match === null) {
    throw new RangeError(`got '${text}', expected a broker's id and a time: 1=20ms`);
  }
  return { id: String(Number(match[1])), delayMs: parseDurationMs(match[2]!) };
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '0': '\0', '\\': '\\' };

/** A delimiter with the escapes \n \t \r \0 and \\; at least one character. */
export function parseDelimiter(text: string): string {
  const delimiter = text.replace(/\\(.?)/g, (whole, letter: string) => {
    const character = ESCAPES[letter];
    if (character === undefined) throw new RangeError(`got '${whole}', expected one of \\n \\t \\r \\0 \\\\`);
    return character;
  });
  if (delimiter === '') throw new RangeError('got an empty delimiter, expected at least one character');
  return delimiter;
}

/** A path; an empty one (an unset variable of a shell) would be the working directory. */
export function parsePath(text: string): string {
  if (text.trim() === '') throw new RangeError('got nothing, expected a path');
  return text;
}

/** `host:port[,host:port...]`, IPv6 in brackets; returned without blanks and empty elements, which Kafka passes over. */
export function parseBootstrapServers(text: string): string {
  const given = text.split(',').map((server) => server.trim());
  const servers = given.filter((server) => server !== '');
  try {
    for (const server of servers.length === 0 ? [text] : servers) parseServer(server);
  } catch (error) {
    throw new RangeError(
      (error as Error).message.replace(/^bootstrap\.servers: (.*) is not a server:/, 'got $1:'),
    );
  }
  return servers.join(',');
}

/** A topic's name as Kafka allows it (Topic.validate). */
export function parseTopicName(text: string): string {
  const problem = topicNameProblem(text);
  if (problem === null) return text;
  throw new RangeError(`got '${text}', expected a topic's name: ${problem}`);
}
