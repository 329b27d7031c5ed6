import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { notReady } from './build-side.ts';
import { readManifest } from './read-manifest.ts';
import { runTool } from './run-tool.ts';
import type { SourceOptions } from './source-options.ts';

/** A commit's tree beside the working tree it belongs to. */
export interface TreeCopy {
  /** Of the working tree. */
  readonly root: string;
  /** The directory that is measured, relative to either tree; empty for the root. */
  readonly prefix: string;
  readonly copy: string;
}

/**
 * Gives a checked-out commit its node_modules, in each directory from the root of the repository to the one measured
 * that asks for it: those of the working tree where both lock files are the same to the byte, since installing them
 * again would change nothing, or what `npm ci` installs. Exit 4, npm's output shown, when it fails.
 */
export async function provideDependencies(
  label: string,
  tree: TreeCopy,
  options: SourceOptions,
): Promise<void> {
  const steps = tree.prefix.split('/').filter((step) => step !== '');
  for (let depth = 0; depth <= steps.length; depth++) {
    const path = join(...['.', ...steps.slice(0, depth)]);
    await provideIn(label, { own: join(tree.root, path), copy: join(tree.copy, path) }, options);
  }
}

async function provideIn(
  label: string,
  { own, copy }: { readonly own: string; readonly copy: string },
  { onNote, signal }: SourceOptions,
): Promise<void> {
  const modules = join(copy, 'node_modules');
  if (!existsSync(join(copy, 'package.json')) || existsSync(modules)) return;
  const isLocked = existsSync(join(copy, 'package-lock.json'));
  const deciding = isLocked ? 'package-lock.json' : 'package.json';
  const ownModules = join(own, 'node_modules');
  if (isSame(join(own, deciding), join(copy, deciding)) && isShareable(ownModules)) {
    linkModules(ownModules, modules);
    return;
  }
  if (!isLocked && !readManifest(copy).hasDependencies) return;
  const install = ['npm', isLocked ? 'ci' : 'install', '--no-audit', '--no-fund'];
  onNote(`${label}: ${install.slice(0, 2).join(' ')}`);
  const run = await runTool({ command: install, directory: copy, signal });
  if (!run.ok) throw notReady(label, `does not build: ${install.join(' ')} ended with ${run.how}`, run);
}

function isSame(own: string, copy: string): boolean {
  return existsSync(own) && readFileSync(own).equals(readFileSync(copy));
}

/**
 * A directory of links, not a link to the directory: a build that begins with `npm ci` removes all that stands in
 * node_modules, which must not be the user's own.
 */
function linkModules(own: string, copy: string): void {
  mkdirSync(copy);
  for (const entry of readdirSync(own, { withFileTypes: true })) {
    const [from, to] = [join(own, entry.name), join(copy, entry.name)];
    if (entry.isFile()) copyFileSync(from, to);
    else if (entry.name.startsWith('@')) linkModules(from, to);
    else symlinkSync(from, to, 'junction');
  }
}

/** Links among the modules lead into the working tree (workspaces): through them the other side would be measured. */
function isShareable(modules: string): boolean {
  if (!existsSync(modules)) return false;
  const entries = readdirSync(modules, { withFileTypes: true });
  const scoped = entries
    .filter((entry) => entry.isDirectory() && entry.name.startsWith('@'))
    .flatMap((scope) => readdirSync(join(modules, scope.name), { withFileTypes: true }));
  return ![...entries, ...scoped].some((entry) => entry.isSymbolicLink());
}
