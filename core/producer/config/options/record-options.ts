import { optionsOf, type ProducerOption } from './define-option.ts';

const { list, className } = optionsOf('records');

/** What turns an application's objects into bytes, and what sees records on their way. */
export const RECORD_OPTIONS: readonly ProducerOption[] = [
  className(
    'key.serializer',
    'high',
    null,
    "How keys become bytes: bytes, string, json, integer, long, double, uuid, null, a module path, or the name of one of Kafka's own classes; empty takes bytes and text as they are.",
  ),
  className(
    'value.serializer',
    'high',
    null,
    'How values become bytes; the same choice as for key.serializer.',
  ),
  list(
    'interceptor.classes',
    'low',
    '',
    'Paths of modules, comma separated, that see each record before it is sent and its acknowledgement, in that order.',
  ),
];
