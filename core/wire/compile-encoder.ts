import { Buffer } from 'node:buffer';
import { TidemarkError } from '../base/errors.ts';
import type { FrameWriter } from './frame-writer.ts';
import type { MessageVersion, NamedField } from './message-version.ts';
import {
  isNullable,
  isPresent,
  namedFields,
  primitiveDefault,
  primitiveMethod,
  taggedFields,
} from './message-version.ts';
import type { Draft, ElementShape, Field } from './schema.ts';

export type Encoder<T> = (writer: FrameWriter, body: Draft<T>) => void;

/**
 * Writes and compiles the encoder of one message at one version (source text for the reason given in
 * compile-decoder.ts). `label` names message and version in errors.
 */
export function compileEncoder<T>(message: MessageVersion, label: string): Encoder<T> {
  const functions: string[] = [];
  const name = writeStruct(message, 'message', functions);
  const source = `'use strict';\n${functions.join('\n')}\nreturn ${name};`;
  const refuse = (field: string, value: unknown): TidemarkError =>
    new TidemarkError('UNSUPPORTED_VERSION', `${label} cannot carry ${field} = ${describe(value)}`);
  return new Function('refuse', 'EMPTY_BYTES', source)(refuse, Buffer.alloc(0)) as Encoder<T>;
}

function describe(value: unknown): string {
  return JSON.stringify(value)?.slice(0, 100) ?? String(value);
}

/** Adds `write_<path>(w, o)` to the functions and returns its name. */
function writeStruct(message: MessageVersion, path: string, functions: string[]): string {
  const lines: string[] = [];
  for (const [name, field] of namedFields(message.fields)) {
    const value = `o.${name}`;
    if (!isPresent(field, message.version)) {
      if (field.ignorable) continue;
      const differs = differsFromDefault(field, value, `${path}_${name}`, functions);
      lines.push(`  if (${differs}) throw refuse('${name}', ${value});`);
    } else if (field.tag === null) {
      lines.push(...writeField([name, field], message, path, functions));
    }
  }
  if (message.flexible) lines.push(...writeTags(message, path, functions));
  functions.push(`function write_${path}(w, o) {\n${lines.join('\n')}\n}`);
  return `write_${path}`;
}

function writeTags(message: MessageVersion, path: string, functions: string[]): string[] {
  const tagged = taggedFields(message);
  if (tagged.length === 0) return ['  w.unsignedVarint(0);'];
  const conditions = tagged.map(([name, field]) => {
    const differs = differsFromDefault(field, `o.${name}`, `${path}_${name}`, functions);
    return `  const has_${name} = ${differs};`;
  });
  const count = tagged.map(([name]) => `(has_${name} ? 1 : 0)`).join(' + ');
  const writes = tagged.map(([name, field]) => {
    const body = writeField([name, field], message, path, functions).join('\n');
    functions.push(`function tag_${path}_${name}(w, o) {\n${body}\n}`);
    return `  if (has_${name}) w.tagged(${field.tag}, tag_${path}_${name}, o);`;
  });
  return [...conditions, `  w.unsignedVarint(${count});`, ...writes];
}

/** Lines that write `o.<name>`, with the default when it is omitted. */
function writeField(
  [name, field]: NamedField,
  message: MessageVersion,
  path: string,
  functions: string[],
): string[] {
  const { shape } = field;
  const nullable = isNullable(field, message.version);
  const local = `${name}_`;
  const lines = [`  const ${local} = o.${name};`];
  const present: string[] = [];
  if (shape.kind === 'array') {
    const length = `${local}.length`;
    present.push(message.flexible ? `w.unsignedVarint(${length} + 1);` : `w.int32(${length});`);
    const element = writeElement(shape.element, message, `${local}[i]`, `${path}_${name}`, functions);
    present.push(`for (let i = 0; i < ${length}; i++) ${element}`);
  } else {
    present.push(writeElement(shape, message, local, `${path}_${name}`, functions));
  }
  lines.push(`  if (${local} === undefined) { ${writeOmitted([name, field], message, path)} }`);
  const onNull = nullable ? writeNull(field, message) : `throw refuse('${name}', null);`;
  lines.push(`  else if (${local} === null) { ${onNull} }`);
  lines.push(`  else { ${present.join(' ')} }`);
  return lines;
}

/** What stands for an omitted field: its default. */
function writeOmitted([name, field]: NamedField, message: MessageVersion, path: string): string {
  const { shape } = field;
  if (shape.kind === 'struct') return `write_${path}_${name}(w, {});`;
  const isRecords = shape.kind === 'primitive' && shape.type === 'records';
  if (field.default === null || isRecords) {
    return isNullable(field, message.version) ? writeNull(field, message) : `throw refuse('${name}', null);`;
  }
  if (shape.kind === 'array') return message.flexible ? 'w.unsignedVarint(1);' : 'w.int32(0);';
  const method = primitiveMethod(shape.type, message.flexible, false);
  return `w.${method}(${primitiveDefault(shape.type, field.default)});`;
}

function writeNull(field: Field<unknown>, message: MessageVersion): string {
  if (message.flexible) return 'w.unsignedVarint(0);';
  return field.shape.kind === 'primitive' && field.shape.type === 'string' ? 'w.int16(-1);' : 'w.int32(-1);';
}

function writeElement(
  shape: ElementShape,
  message: MessageVersion,
  value: string,
  path: string,
  functions: string[],
): string {
  if (shape.kind === 'struct') {
    return `${writeStruct({ ...message, fields: shape.fields }, path, functions)}(w, ${value});`;
  }
  return `w.${primitiveMethod(shape.type, message.flexible, false)}(${value});`;
}

/** A condition: `value` was given and is not the field's default. */
function differsFromDefault(field: Field<unknown>, value: string, path: string, functions: string[]): string {
  const { shape } = field;
  if (shape.kind === 'primitive') {
    const fallback = primitiveDefault(shape.type, field.default);
    if (shape.type === 'bytes')
      return `(${value} !== undefined && (${value} === null || ${value}.length > 0))`;
    return `(${value} !== undefined && ${value} !== ${fallback})`;
  }
  if (shape.kind === 'array') {
    return field.default === null
      ? `(${value} !== undefined && ${value} !== null)`
      : `(${value} !== undefined && (${value} === null || ${value}.length > 0))`;
  }
  const members = namedFields(shape.fields).map(([name, member]) =>
    differsFromDefault(member, `s.${name}`, `${path}_${name}`, functions),
  );
  const name = `differs_${path}`;
  if (!functions.some((text) => text.startsWith(`function ${name}(`))) {
    functions.push(`function ${name}(s) {\n  return s !== undefined && (${members.join(' || ')});\n}`);
  }
  return `${name}(${value})`;
}
