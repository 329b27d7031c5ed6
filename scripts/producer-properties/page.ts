import { OPTION_GROUPS, type ProducerOption } from '../../core/producer/config/options/define-option.ts';
import { defaultText, effectText, rangeText } from '../../core/producer/config/options/option-texts.ts';
import { PRODUCER_OPTIONS } from '../../core/producer/config/options.ts';

const HEAD = `# Producer properties

Every producer property of Apache Kafka 4.1 under its own name, and what it does in Tidemark. This page is written by
\`node scripts/write-producer-properties.ts\` from the table that also checks what you give; a test holds it current.

- **Used**: it does what Kafka's does.
- **Without effect**: it is accepted, and a warning says that it does nothing here.
- **Refused**: anything but its default is an error with the reason and the way out. Nothing is ever silently ignored.

Properties are given, the later over the earlier, by a suite, by \`--producer.config FILE\` (a .properties file as Java
takes it: escapes, lines that go on, \`#\` and \`!\` comments), by \`--producer-property NAME=VALUE\` and as factors of a
sweep. \`tidemark list --producer-config\` prints all of them as a file to fill in; with \`--producer.config\` or
\`--producer-property\` it prints what these come to, as a file that the Java producer takes.

Secrets (type password) are shown as \`[hidden]\` everywhere and stored nowhere: a run that goes on with \`--resume\` needs
them again. Give them in a file: what stands on a command line can be read by others on the machine.

## Rules across properties

| properties | rule |
| --- | --- |
| enable.idempotence, acks | needs acks=all; an error where enable.idempotence=true was given, otherwise idempotence is off and a warning says so |
| enable.idempotence, retries | needs retries above 0; the same |
| enable.idempotence, max.in.flight.requests.per.connection | at most 5 in flight; always an error |
| delivery.timeout.ms, linger.ms, request.timeout.ms | delivery.timeout.ms is at least the sum of the others; an error where it was given, otherwise raised with a warning |
| reconnect.backoff.ms, reconnect.backoff.max.ms | the first given alone makes every pause as long, with a warning |
| security.protocol, sasl.mechanism | a protocol with SASL needs a mechanism that is served |
| security.protocol, ssl.\\*, sasl.\\* | those that the protocol does not use are named in a warning |
`;

/** docs/producer-properties.md as it should be. */
export function producerPropertiesPage(): string {
  const groups = Object.entries(OPTION_GROUPS).map(([group, title]) => {
    const options = PRODUCER_OPTIONS.filter((option) => option.group === group);
    return `## ${title}\n\n${options.map(entry).join('\n')}`;
  });
  return `${HEAD}\n${groups.join('\n')}`;
}

function entry(option: ProducerOption): string {
  const range = rangeText(option);
  const facts = [
    option.type,
    `default ${code(defaultText(option), option)}`,
    ...(range === '' ? [] : [range]),
    `importance ${option.importance}`,
  ];
  return `### ${option.name}

${option.text.replaceAll('*', '\\*')}

- ${facts.join('; ')}
- ${effectText(option).replaceAll('*', '\\*')}
`;
}

function code(text: string, { default: value }: ProducerOption): string {
  return value === null || value === '' ? text : `\`${text}\``;
}
