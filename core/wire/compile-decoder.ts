import { Buffer } from 'node:buffer';
import type { BodyReader } from './body-reader.ts';
import type { MessageVersion, NamedField } from './message-version.ts';
import {
  isNullable,
  isPresent,
  minElementBytes,
  namedFields,
  primitiveDefault,
  primitiveMethod,
  taggedFields,
} from './message-version.ts';
import type { ElementShape, Field } from './schema.ts';

/**
 * Writes and compiles the decoder of one message at one version. It is source text because each version
 * then is straight-line code whose objects are literals of one hidden class, in every version the same:
 * what reads the bodies afterwards stays monomorphic.
 */
export function compileDecoder<T>(message: MessageVersion): (reader: BodyReader) => T {
  const functions: string[] = [];
  const name = writeStruct(message, 'message', functions);
  const source = `'use strict';\n${functions.join('\n')}\nreturn ${name};`;
  return new Function('EMPTY_BYTES', source)(Buffer.alloc(0)) as (reader: BodyReader) => T;
}

/** Adds `read_<path>(r)` to the functions and returns its name. */
function writeStruct(message: MessageVersion, path: string, functions: string[]): string {
  const fields = namedFields(message.fields);
  const lines: string[] = [];
  for (const [name, field] of fields) {
    const carried = isPresent(field, message.version) && field.tag === null;
    const value = carried ? null : defaultValue(field, `${path}_${name}`, functions);
    if (carried) lines.push(...readField([name, field], message, path, functions));
    else lines.push(`  let ${name}_ = ${value};`);
  }
  if (message.flexible) lines.push(...readTags(message, path, functions));
  const literal = fields.map(([name]) => `${name}: ${name}_`).join(', ');
  functions.push(`function read_${path}(r) {\n${lines.join('\n')}\n  return { ${literal} };\n}`);
  return `read_${path}`;
}

function readTags(message: MessageVersion, path: string, functions: string[]): string[] {
  const tagged = taggedFields(message);
  if (tagged.length === 0) return ['  r.skipTags();'];
  const cases = tagged.map(([name, field]) => {
    const body = readField([name, field], message, path, functions).map((line) => `      ${line.trim()}`);
    const assignment = body.join('\n').replace(`let ${name}_ =`, `${name}_ =`);
    return `      case ${field.tag}: {\n${assignment}\n      break; }`;
  });
  return [
    '  let tag = -1;',
    '  for (let left = r.unsignedVarint(); left > 0; left--) {',
    '    tag = r.nextTag(tag);',
    '    const outerEnd = r.enterTag();',
    '    switch (tag) {',
    ...cases,
    '      default: r.skipTag();',
    '    }',
    '    r.leaveTag(outerEnd);',
    '  }',
  ];
}

/** Lines that declare and fill `<name>_`. */
function readField(
  [name, field]: NamedField,
  message: MessageVersion,
  path: string,
  functions: string[],
): string[] {
  const nullable = isNullable(field, message.version);
  const { shape } = field;
  if (shape.kind !== 'array') {
    return [`  let ${name}_ = ${readElement(shape, nullable, message, `${path}_${name}`, functions)};`];
  }
  const count = `r.${message.flexible ? 'compactCount' : 'count'}(${minElementBytes(shape.element, message)})`;
  const element = readElement(shape.element, false, message, `${path}_${name}`, functions);
  return [
    `  let ${name}_ = [];`,
    `  let ${name}Count = ${count};`,
    nullable
      ? `  if (${name}Count === -1) ${name}_ = null;`
      : `  if (${name}Count === -1) throw r.unexpectedNull('${name}');`,
    `  for (; ${name}Count > 0; ${name}Count--) ${name}_.push(${element});`,
  ];
}

function readElement(
  shape: ElementShape,
  nullable: boolean,
  message: MessageVersion,
  path: string,
  functions: string[],
): string {
  if (shape.kind === 'struct')
    return `${writeStruct({ ...message, fields: shape.fields }, path, functions)}(r)`;
  const type = shape.type === 'records' ? 'bytes' : shape.type;
  return `r.${primitiveMethod(type, message.flexible, nullable)}()`;
}

/** The value of a field that is not read, as source text; structures get a function that makes a fresh one. */
function defaultValue(field: Field<unknown>, path: string, functions: string[]): string {
  const { shape } = field;
  if (shape.kind === 'primitive') return primitiveDefault(shape.type, field.default);
  if (shape.kind === 'array') return field.default === null ? 'null' : '[]';
  const members = namedFields(shape.fields).map(
    ([name, member]) => `${name}: ${defaultValue(member, `${path}_${name}`, functions)}`,
  );
  functions.push(`function default_${path}() {\n  return { ${members.join(', ')} };\n}`);
  return `default_${path}()`;
}
