/** Detects where the process runs. */
import cluster from 'node:cluster';

export interface Environment {
  readonly isProduction: boolean;
  /** Whether other processes of the same application run: node:cluster, an instance of pm2 after the first, or serverless. */
  readonly isOneOfMany: boolean;
  /** Whether the platform may end the process, or freeze it between requests. */
  readonly isServerless: boolean;
}

/** Set by AWS Lambda (and Netlify), Vercel, Cloud Functions and Cloud Run, Azure Functions, Alibaba Function Compute. */
const SERVERLESS = [
  'AWS_LAMBDA_FUNCTION_NAME',
  'VERCEL',
  'FUNCTION_TARGET',
  'K_SERVICE',
  'FUNCTIONS_WORKER_RUNTIME',
  'FC_FUNCTION_NAME',
] as const;

export function readEnvironment(): Environment {
  const { env } = process;
  // Most platforms leave NODE_ENV unset; any other value means a trial.
  const isProduction = (env['NODE_ENV'] || (isOnServerless(env) ? 'production' : '')) === 'production';
  const isServerless = isProduction && isOnServerless(env);
  return {
    isProduction,
    isOneOfMany: cluster.isWorker || Number(env['NODE_APP_INSTANCE']) >= 1 || isServerless,
    isServerless,
  };
}

function isOnServerless(env: NodeJS.ProcessEnv): boolean {
  return SERVERLESS.some((name) => env[name]);
}
