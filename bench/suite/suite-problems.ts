import type { z } from 'zod';
import { nearestName } from '../../core/base/nearest-name.ts';
import { HIDDEN } from '../../core/base/secret.ts';
import { isPassword, isShowable } from '../../core/producer/config/options.ts';
import { suiteJsonSchema } from './suite-schema.ts';

/** One thing wrong with a suite, and where it stands. */
export interface SuiteProblem {
  readonly path: readonly (string | number)[];
  /** What is wrong, got what, expected what. */
  readonly message: string;
}

type Issue = z.core.$ZodIssue;
type JsonSchema = { readonly [key: string]: unknown };

/** zod's issues in the words of a suite's author; `input` is what was validated. */
export function suiteProblems(issues: readonly Issue[], input: unknown): SuiteProblem[] {
  const schema = suiteJsonSchema();
  return issues.flatMap((issue) => problemsOf(issue, input, [], schema));
}

/** One issue of another schema in the same words. */
export function problemOfIssue(issue: Issue, input: unknown): SuiteProblem {
  return problemsOf(issue, input, [], {})[0]!;
}

function problemsOf(
  issue: Issue,
  input: unknown,
  prefix: readonly (string | number)[],
  schema: JsonSchema,
): SuiteProblem[] {
  const path = [...prefix, ...(issue.path as (string | number)[])];
  const got = describedAt(input, path);
  if (issue.code === 'unrecognized_keys') {
    const known = knownKeys(schema, path);
    return issue.keys.map((key) => ({ path: [...path, key], message: unknownKey(key, known) }));
  }
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    return unionProblems(issue.errors, input, path, schema);
  }
  if (issue.message.startsWith('expected '))
    return [{ path, message: `wrong value, got ${got}, ${issue.message}` }];
  return [{ path, message: `${complaint(issue, got)}, got ${got}, expected ${expectation(issue)}` }];
}

function complaint(issue: Issue, got: string): string {
  if (got === 'nothing') return 'is missing';
  switch (issue.code) {
    case 'too_small':
      return 'too small';
    case 'too_big':
      return 'too large';
    case 'invalid_type':
      return 'wrong type';
    default:
      return 'wrong value';
  }
}

function expectation(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return typeName(issue.expected);
    case 'invalid_value':
      return oneOf(issue.values.map(String));
    case 'too_small':
      return `${issue.inclusive === false ? 'more than' : 'at least'} ${issue.minimum}${unitOf(issue.origin)}`;
    case 'too_big':
      return `${issue.inclusive === false ? 'less than' : 'at most'} ${issue.maximum}${unitOf(issue.origin)}`;
    case 'invalid_union':
      return oneOf((issue as { options?: readonly unknown[] }).options?.map(String) ?? []);
    default:
      return issue.message;
  }
}

/** Of a union's branches, what is said about the one that was meant. */
function unionProblems(
  branches: readonly (readonly Issue[])[],
  input: unknown,
  path: readonly (string | number)[],
  schema: JsonSchema,
): SuiteProblem[] {
  const meant = branches.filter((issues) => !issues.some((issue) => isOtherShape(issue)));
  if (meant.length === 0) {
    const got = describedAt(input, path);
    return [{ path, message: `wrong type, got ${got}, expected ${oneOf(expectedTypes(branches))}` }];
  }
  const unknown = meant.map((issues) => issues.filter((issue) => issue.code === 'unrecognized_keys'));
  const [first] = unknown.every((issues) => issues.length > 0)
    ? unknown
    : [...meant].sort((left, right) => left.length - right.length);
  return first!.flatMap((issue) => problemsOf(issue, input, path, schema));
}

function isOtherShape(issue: Issue): boolean {
  return issue.path.length === 0 && (issue.code === 'invalid_type' || issue.code === 'invalid_union');
}

function expectedTypes(branches: readonly (readonly Issue[])[]): string[] {
  const names = branches.flat().flatMap((issue) => {
    if (issue.code === 'invalid_union') return expectedTypes(issue.errors);
    return issue.code === 'invalid_type' ? [typeName(issue.expected)] : [];
  });
  return [...new Set(names)];
}

function typeName(expected: string): string {
  switch (expected) {
    case 'string':
      return 'text';
    case 'int':
      return 'a whole number';
    case 'number':
      return 'a number';
    case 'boolean':
      return 'true or false';
    case 'array':
      return 'a list';
    case 'object':
    case 'record':
      return 'a map of names and values';
    default:
      return expected;
  }
}

function unitOf(origin: string): string {
  if (origin === 'array') return ' entries';
  return origin === 'string' ? ' characters' : '';
}

function unknownKey(key: string, known: readonly string[]): string {
  const nearest = nearestName(key, known);
  const hint = nearest === null ? '' : `; did you mean ${nearest}?`;
  return `unknown property, got '${key}', expected ${oneOf([...known])}${hint}`;
}

function oneOf(words: readonly string[]): string {
  if (words.length <= 1) return words.join('');
  return `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}

function valueAt(input: unknown, path: readonly (string | number)[]): unknown {
  let value = input;
  for (const step of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Record<string | number, unknown>)[step];
  }
  return value;
}

/** What stands at a path, for a message, without what may be a secret. */
function describedAt(input: unknown, path: readonly (string | number)[]): string {
  const isHidden = path.some((step) => mayBeSecret(String(step)));
  const value = valueAt(input, path);
  return isHidden && value !== undefined ? HIDDEN : describe(value);
}

function describe(value: unknown): string {
  if (value === undefined) return 'nothing';
  // JSON has null for .inf and .nan.
  const text =
    typeof value === 'number' ? String(value) : (JSON.stringify(value, withoutSecrets) ?? String(value));
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

function withoutSecrets(key: string, value: unknown): unknown {
  if (mayBeSecret(key)) return HIDDEN;
  if (typeof value !== 'string') return value;
  const [, name] = /^\s*([\w.]+)\s*[=:]/.exec(value) ?? [];
  return name !== undefined && mayBeSecret(name) ? `${name}=${HIDDEN}` : value;
}

/** A password, or a name with dots that nobody knows here: it may be one misspelt. */
function mayBeSecret(name: string): boolean {
  return isPassword(name) || (name.includes('.') && !isShowable(name));
}

/** Names that a map at `path` may hold, over all branches of its unions. */
function knownKeys(schema: JsonSchema, path: readonly (string | number)[]): string[] {
  let schemas = branchesOf(schema);
  for (const step of path) {
    schemas = schemas.flatMap((candidate) => {
      const properties = candidate['properties'] as Record<string, JsonSchema> | undefined;
      const next = properties?.[step] ?? candidate['items'] ?? candidate['additionalProperties'];
      return typeof next === 'object' && next !== null ? branchesOf(next as JsonSchema) : [];
    });
  }
  return [...new Set(schemas.flatMap((candidate) => Object.keys((candidate['properties'] as object) ?? {})))];
}

function branchesOf(schema: JsonSchema): JsonSchema[] {
  const branches = (schema['oneOf'] ?? schema['anyOf']) as readonly JsonSchema[] | undefined;
  return branches === undefined ? [schema] : branches.flatMap(branchesOf);
}
