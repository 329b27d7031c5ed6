import { createRequire } from 'node:module';
import path from 'node:path';
import { TidemarkError } from './errors.ts';

const require = createRequire(import.meta.url);

/**
 * The default export of a user's module, its path relative to the working directory; a class is made an object of.
 * Loaded at once, so that whoever needs it is complete when constructed. Throws TidemarkError CONFIG, naming the
 * property, for a module that is not there, fails, awaits at its top level, or exports no such object.
 *
 * `methods` are those of which the object must have at least one.
 */
export function loadObject(property: string, modulePath: string, methods: readonly string[]): object {
  const where = `${property}=${modulePath}`;
  let loaded: unknown;
  try {
    loaded = require(path.resolve(modulePath));
  } catch (cause) {
    throw new TidemarkError('CONFIG', `${where} cannot be loaded: ${reasonOf(cause)}`, { cause });
  }
  // A CommonJS module is its own default.
  const exported = (loaded as { default?: unknown } | null)?.default ?? loaded;
  const made = isClassWith(exported, methods) ? construct(where, exported) : exported;
  if (hasAnyMethod(made, methods)) return made;
  const expected = methods.map((name) => `${name}()`).join(' or ');
  throw new TidemarkError('CONFIG', `${where} must export an object or a class with ${expected} as default`);
}

export function hasAnyMethod(candidate: unknown, methods: readonly string[]): candidate is object {
  if (typeof candidate !== 'object' || candidate === null) return false;
  return methods.some((name) => typeof (candidate as Record<string, unknown>)[name] === 'function');
}

function isClassWith(exported: unknown, methods: readonly string[]): exported is new () => unknown {
  return typeof exported === 'function' && hasAnyMethod(exported.prototype, methods);
}

function construct(where: string, exported: new () => unknown): unknown {
  try {
    return new exported();
  } catch (cause) {
    throw new TidemarkError('CONFIG', `${where} cannot be constructed: ${reasonOf(cause)}`, { cause });
  }
}

function reasonOf(cause: unknown): string {
  if ((cause as { code?: unknown } | null)?.code === 'ERR_REQUIRE_ASYNC_MODULE') {
    return 'it awaits at its top level; import it yourself and hand in the object';
  }
  // The first line: what follows is a stack of files that required each other.
  return (cause instanceof Error ? cause.message : String(cause)).split('\n')[0]!;
}
