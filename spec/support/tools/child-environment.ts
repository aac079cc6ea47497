/**
 * The environment for a child process that is no subject of the coverage: collecting it there takes a second each time,
 * and what it would show, specs in this process show as well.
 */
export function childEnvironment(more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  const { NODE_V8_COVERAGE: _, NODE_OPTIONS: __, ...env } = process.env;
  return { ...env, ...more };
}
