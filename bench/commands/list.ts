import { Command } from 'commander';
import { usageError } from '../cli-error.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { parseKeyValue, parsePath } from '../option-values.ts';
import type { RunFlags } from '../sweep/run-flags.ts';
import { argument, repeatableSetting } from './arguments.ts';
import type { CliIo } from './cli-io.ts';

const EXAMPLES = `
Examples:
  $ tidemark list
  $ tidemark list --json
  $ tidemark list --producer-config > producer.properties
  $ tidemark list --producer-config --producer-property linger.ms=20`;

interface ListOptions {
  readonly json?: true;
  readonly producerConfig?: true;
  readonly producerProperty?: RunFlags['producerProperties'];
  readonly 'producer.config'?: string;
}

/** `tidemark list`: `done` gets the exit code. */
export function createCommand(io: CliIo, _argv: readonly string[], done: (code: ExitCode) => void): Command {
  return new Command('list')
    .description('suites, partitioners, codecs and producer properties')
    .option('--json', 'print as JSON')
    .option(
      '--producer-config',
      'print a producer.properties for Java: every property, or what the next two make of it',
    )
    .option(
      '--producer-property <name=value>',
      "a producer property under Kafka's name (repeatable)",
      repeatableSetting('--producer-property', parseKeyValue),
    )
    .option('--producer.config <file>', 'a .properties file of producer properties', argument(parsePath))
    .addHelpText('after', EXAMPLES)
    .action(async (options: ListOptions) => {
      if (options.producerConfig || options.producerProperty || options['producer.config'] !== undefined) {
        await printProperties(io, options);
      } else {
        const { gatherCatalog, catalogText } = await import('../catalog.ts');
        const catalog = gatherCatalog();
        io.stdout.write(
          options.json ? `${JSON.stringify(catalog, null, 2)}\n` : catalogText(catalog, io.stdout.columns),
        );
      }
      done(EXIT.ok);
    });
}

async function printProperties(io: CliIo, options: ListOptions): Promise<void> {
  if (options.json)
    throw usageError('--json prints the list, not a producer.properties: leave one of them out');
  const { effectiveProperties, propertiesTemplate } = await import('../effective-properties.ts');
  const producerProperties = options.producerProperty ?? [];
  const producerConfigFile = options['producer.config'] ?? null;
  if (producerProperties.length === 0 && producerConfigFile === null) {
    io.stdout.write(propertiesTemplate());
    return;
  }
  const { text, notes } = effectiveProperties(
    { producerProperties, producerConfigFile },
    io.workingDirectory,
  );
  for (const note of notes) io.stderr.write(`tidemark: ${note}\n`);
  io.stdout.write(text);
}
