/** Preloaded: `import ... from 'tidemark'` means the sources, as it means the package where that is installed. */
import { registerHooks } from 'node:module';

const sources = new URL('../../core/tidemark.ts', import.meta.url).href;

registerHooks({
  resolve: (specifier, context, next) => next(specifier === 'tidemark' ? sources : specifier, context),
});
