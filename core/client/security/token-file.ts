import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { TidemarkError } from '../../base/errors.ts';
import type { TokenFunction } from './security-config.ts';

/** Tokens from a file that something else keeps up to date (Kafka's FileJwtRetriever): read at each login. */
export function tokenFileSource(url: URL): TokenFunction {
  return async () => {
    const path = fileURLToPath(url);
    let text: string;
    try {
      text = await readFile(path, 'utf8');
    } catch (error) {
      const reason = (error as NodeJS.ErrnoException).code ?? (error as Error).message;
      throw new TidemarkError(
        'AUTHENTICATION',
        `sasl.oauthbearer.token.endpoint.url names ${path}, which cannot be read: ${reason}`,
        { cause: error },
      );
    }
    if (text.trim() !== '') return text.trim();
    throw new TidemarkError(
      'AUTHENTICATION',
      `sasl.oauthbearer.token.endpoint.url names ${path}, which holds no token`,
    );
  };
}
