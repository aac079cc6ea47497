/** Where the process runs. */
import cluster from 'node:cluster';

export interface Environment {
  readonly isProduction: boolean;
  /** One of several processes of the same application: node:cluster, or an instance of pm2 after the first. */
  readonly isOneOfMany: boolean;
}

export function readEnvironment(): Environment {
  return {
    isProduction: process.env['NODE_ENV'] === 'production',
    isOneOfMany: cluster.isWorker || Number(process.env['NODE_APP_INSTANCE']) >= 1,
  };
}
