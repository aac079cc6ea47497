/** Where the process runs. */
import cluster from 'node:cluster';

export interface Environment {
  readonly isProduction: boolean;
  /** One of several processes of the same application: node:cluster, an instance of pm2 after the first, or serverless. */
  readonly isOneOfMany: boolean;
  /** Ended, or frozen between requests, as the platform likes. */
  readonly isServerless: boolean;
}

/** What the platforms set: AWS Lambda (Netlify, too), Vercel, Cloud Functions and Cloud Run, Azure Functions, Alibaba's. */
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
  // Most of them leave NODE_ENV unset; who sets it to something else is trying out.
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
