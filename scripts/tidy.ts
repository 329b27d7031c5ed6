/**
 * `npm run tidy`: the structure as a test. Import directions as the table of DESIGN.md, no import cycles,
 * file sizes, names that say nothing, and the few files that may touch the real clock, chance, network and disk.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative, sep } from 'node:path';

const MAX_LINES = 300;
/** Files that may be longer, each with its reason. Shrink this list; never grow it without one. */
const LONGER: Readonly<Record<string, string>> = {};

/** Folder -> folders that its files may import, besides itself. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  'core/base': [],
  'core/wire': ['core/base'],
  'core/record': ['core/base', 'core/wire'],
  'core/log': ['core/base', 'core/record'],
  'core/client': ['core/base', 'core/wire'],
  'core/producer': ['core/client', 'core/record', 'core/wire', 'core/base'],
  'core/consumer': ['core/client', 'core/record', 'core/wire', 'core/base'],
  'core/broker': ['core/log', 'core/record', 'core/wire', 'core/client', 'core/base'],
  'reports/measure': ['core/base'],
  core: ['core/base', 'core/record', 'core/client', 'core/producer', 'core/consumer'],
  workers: ['core', 'reports/measure'],
  reports: ['reports/measure', 'core/base'],
  bench: ['workers', 'reports', 'core'],
  scripts: ['core', 'workers', 'reports', 'bench', 'test'],
  test: ['core', 'workers', 'reports', 'bench', 'scripts'],
};

const FORBIDDEN_NAMES = /(^|[-/])(utils?|helpers?|common|misc|index)(\.|[-/])/;

/** What only the named files inside core/ and workers/ may use. */
const OUTSIDE_WORLD: readonly { what: RegExp; name: string; allowed: readonly string[] }[] = [
  {
    what: /\bDate\.now\(|\bnew Date\(\)|\bprocess\.hrtime|\bperformance\.now/,
    name: 'the real time',
    allowed: ['core/base/real-clock.ts'],
  },
  { what: /\bset(Timeout|Interval|Immediate)\(/, name: 'a real timer', allowed: ['core/base/real-clock.ts'] },
  {
    what: /\bMath\.random\(|\brandomBytes\(|\brandomUUID\(/,
    name: 'unseeded chance',
    // What guards a login must not be guessed from a seed.
    allowed: ['core/client/security/sasl-nonce.ts'],
  },
  {
    what: /^import (?!type ).*from 'node:(net|tls|dgram|http|https)'|\bglobalThis\.fetch\(/m,
    name: 'the real network',
    // The endpoint that bearer tokens come from is no part of the cluster.
    allowed: [
      'core/client/tcp-network.ts',
      'core/client/security/tls-network.ts',
      'core/client/security/client-credentials.ts',
    ],
  },
  {
    what: /from 'node:fs(\/promises)?'/,
    name: 'the real disk',
    allowed: [
      'core/log/file-storage.ts',
      'core/log/data-directory.ts',
      'workers/payload-file.ts',
      // Stores of certificates, and the file of a bearer token: named by properties, read once or at each login.
      'core/client/security/store-file.ts',
      'core/client/security/token-file.ts',
    ],
  },
];

const ROOTS = ['core', 'workers', 'reports', 'bench', 'scripts', 'test'];

interface SourceFile {
  readonly path: string;
  readonly text: string;
  readonly imports: readonly string[];
}

function listFiles(directory: string): string[] {
  return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : listFiles(path);
    return /\.m?ts$|\.mjs$/.test(entry.name) ? [path] : [];
  });
}

function readSource(path: string): SourceFile {
  const text = readFileSync(path, 'utf8');
  const imports = [...text.matchAll(/(?:from|import)\s*\(?\s*'(\.{1,2}\/[^']+)'/g)].map((match) =>
    normalize(join(dirname(path), match[1]!))
      .split(sep)
      .join('/'),
  );
  return { path: path.split(sep).join('/'), text, imports };
}

/** The most specific folder of the table that holds the file. */
function roomOf(path: string): string {
  const folders = Object.keys(MAY_IMPORT).filter((folder) => path.startsWith(`${folder}/`));
  return folders.sort((a, b) => b.length - a.length)[0] ?? '';
}

function mayImport(from: string, to: string): boolean {
  if (from === to) return true;
  const allowed = MAY_IMPORT[from] ?? [];
  return allowed.some((folder) => to === folder || to.startsWith(`${folder}/`));
}

function checkFile(file: SourceFile): string[] {
  const problems: string[] = [];
  const lines = file.text.split('\n').length - 1;
  if (lines > MAX_LINES && LONGER[file.path] === undefined && !file.path.startsWith('test/')) {
    problems.push(`${file.path}: ${lines} lines, at most ${MAX_LINES}: it asks for a second file`);
  }
  if (FORBIDDEN_NAMES.test(file.path))
    problems.push(`${file.path}: the name says nothing about what it holds`);
  const room = roomOf(file.path);
  for (const imported of file.imports) {
    const target = roomOf(imported);
    if (target !== '' && !mayImport(room, target))
      problems.push(`${file.path}: ${room} must not import ${target} (${imported})`);
  }
  if (room.startsWith('core') || room === 'workers') problems.push(...checkOutsideWorld(file));
  return problems;
}

function checkOutsideWorld(file: SourceFile): string[] {
  const code = file.text.replace(/\/\*[\s\S]*?\*\/|(?<!:)\/\/.*$/gm, '');
  return OUTSIDE_WORLD.filter((rule) => rule.what.test(code) && !rule.allowed.includes(file.path)).map(
    (rule) => `${file.path}: touches ${rule.name}; it must be handed in`,
  );
}

/** Files that import each other in a ring, types left out: they are erased. */
function findCycles(files: readonly SourceFile[]): string[] {
  const graph = new Map(
    files.map((file) => {
      const values = file.text.replace(/import type[\s\S]*?from '[^']+';|import\('[^']+'\)/g, '');
      const targets = [...values.matchAll(/from\s+'(\.{1,2}\/[^']+)'/g)].map((m) =>
        normalize(join(dirname(file.path), m[1]!))
          .split(sep)
          .join('/'),
      );
      return [file.path, targets] as const;
    }),
  );
  const done = new Set<string>();
  const cycles: string[] = [];
  const visit = (path: string, trail: readonly string[]): void => {
    if (trail.includes(path)) {
      cycles.push(`import cycle: ${[...trail.slice(trail.indexOf(path)), path].join(' -> ')}`);
      return;
    }
    if (done.has(path)) return;
    for (const next of graph.get(path) ?? []) visit(next, [...trail, path]);
    done.add(path);
  };
  for (const path of graph.keys()) visit(path, []);
  return cycles;
}

/** Every problem of the tree under `root`, one line each. */
export function findUntidiness(root: string): string[] {
  const files = ROOTS.flatMap((folder) => listFiles(join(root, folder))).map((path) => {
    const source = readSource(path);
    const local = relative(root, path).split(sep).join('/');
    return {
      path: local,
      text: source.text,
      imports: source.imports.map((target) => relative(root, target).split(sep).join('/')),
    };
  });
  return [...files.flatMap(checkFile), ...findCycles(files)];
}

if (import.meta.main) {
  const problems = findUntidiness(process.cwd());
  for (const problem of problems) console.error(problem);
  console.log(`tidy: ${problems.length} problems`);
  process.exitCode = problems.length === 0 ? 0 : 1;
}
