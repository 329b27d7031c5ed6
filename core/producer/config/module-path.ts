const MODULE_PATH = /\.(js|mjs|cjs|ts|mts)$/;

/** Whether a property names a module of JavaScript or TypeScript instead of something built in. */
export function isModulePath(name: string): boolean {
  return MODULE_PATH.test(name);
}
