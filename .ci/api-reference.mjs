/** Runs typedoc, which needs the compiler's API: that of TypeScript 6, since version 7 has none. */
import { register } from 'node:module';

const hooks = `export const resolve = (specifier, context, next) =>
  next(specifier === 'typescript' ? ${JSON.stringify(import.meta.resolve('@typescript/typescript6'))} : specifier, context);`;
register(`data:text/javascript,${encodeURIComponent(hooks)}`);

process.argv.push('--options', '.typedoc.json');
await import('../node_modules/typedoc/dist/cli.js');
