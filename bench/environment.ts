import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, platform, release, totalmem, version } from 'node:os';
import { join } from 'node:path';
import type { Environment } from '../reports/result.ts';
import { PACKAGE_ROOT, packageVersion } from './package-root.ts';

/** Packages whose version decides figures. */
const DECIDING_PACKAGES = ['@node-rs/crc32', 'snappy', 'lz4-napi', 'hdr-histogram-js', 'piscina'];

/** The machine and the versions that figures of this run stand on. */
export function gatherEnvironment(): Environment {
  return {
    node: process.version,
    cpu: cpus()[0]?.model.trim() || 'unknown',
    cores: availableParallelism(),
    memoryBytes: totalmem(),
    os: `${osName()} (${process.arch})`,
    kernel: release(),
    tidemark: packageVersion(),
    packages: Object.fromEntries(
      DECIDING_PACKAGES.map((name) => [name, installedVersion(name)] as const).filter(
        ([, found]) => found !== null,
      ),
    ) as Record<string, string>,
  };
}

function osName(): string {
  try {
    const match = /^PRETTY_NAME="?([^"\n]+)"?$/m.exec(readFileSync('/etc/os-release', 'utf8'));
    if (match !== null) return match[1]!;
  } catch {
    // Only Linux has this file.
  }
  return `${platform()} ${version()}`;
}

/** Packages lie beside ours when we are installed, or in our own node_modules. */
function installedVersion(name: string): string | null {
  for (const base of [join(PACKAGE_ROOT, 'node_modules'), join(PACKAGE_ROOT, '..')]) {
    try {
      return packageVersion(join(base, name));
    } catch {
      // Not here.
    }
  }
  return null;
}
