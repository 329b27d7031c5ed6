import { fileURLToPath } from 'node:url';

/** The file of a worker beside this one: TypeScript as it stands in the sources, JavaScript once compiled. */
export function workerFile(name: string): string {
  const extension = import.meta.url.endsWith('.ts') ? '.ts' : '.js';
  return fileURLToPath(new URL(`./${name}${extension}`, import.meta.url));
}
