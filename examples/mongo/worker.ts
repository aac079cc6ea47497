/** One of the processes that answer: the Express example with its lockout on MongoDB. */
import cluster from 'node:cluster';
import express, { type Express } from 'express';
import mongoose from 'mongoose';
import { Lockout } from 'passport-lockout';
import { MongoStore } from 'passport-lockout/mongo';
import { createApp } from '../express/app.js';
import { createPassport } from '../express/authentication.js';
import { printEvents } from '../express/event-lines.js';
import { languageOf } from '../express/pages/texts.js';
import { ladders } from '../express/policy.js';
import { serve } from '../express/serve.js';
import { PREFIX } from './prefix.js';

const CONNECT_MS = 5_000;

export async function runWorker(): Promise<void> {
  const name = `worker ${cluster.worker?.id}`;
  const lockout = new Lockout({
    store: new MongoStore(mongoose.connection, { prefix: PREFIX }),
    tiers: ladders,
    locale: languageOf,
  });
  printEvents(lockout, name);
  try {
    await mongoose.connect(process.env['MONGODB_URI'] as string, { serverSelectionTimeoutMS: CONNECT_MS });
  } catch (error) {
    console.error(`[${name}] no connection to the server of MONGODB_URI: ${(error as Error).message}`);
    process.exitCode = 1;
    return stop(lockout);
  }
  serve(createNamedApp(name, lockout), { onListening: () => {}, onStopped: () => void stop(lockout) });
}

/** The application of the Express example, which also says who answered. */
function createNamedApp(name: string, lockout: Lockout): Express {
  const app = express();
  app.disable('x-powered-by');
  app.use((req, res, next) => {
    res.set('X-Answered-By', name);
    res.once('finish', () => console.log(`[${name}] answered ${req.method} with ${res.statusCode}`));
    next();
  });
  return app.use(createApp(createPassport(lockout)));
}

/** The lockout first: it writes what is left of the attempt log. The connection is ours to close, not the store's. */
async function stop(lockout: Lockout): Promise<void> {
  await lockout.close();
  await mongoose.disconnect();
  cluster.worker?.disconnect();
}
