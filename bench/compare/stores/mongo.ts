/**
 * Everybody keeps counts in MongoDB who can with a driver of today. express-rate-limit cannot: rate-limit-mongo brings the
 * driver 3, which is no longer maintained.
 */
import ExpressBruteMongo from 'express-brute-mongo';
import type { Connection } from 'mongoose';
import { type IRateLimiterMongoOptions, RateLimiterMongo } from 'rate-limiter-flexible';
import { MongoStore } from '../../../lib/stores/mongo/index.js';
import { CASE, IN_PARALLEL } from '../cases.js';
import { type Contender, type NameLimit, WINDOW_SECONDS } from '../contender.js';
import { createOurs, createPlain } from '../ours.js';
import { createExpressBrute } from '../peers/express-brute.js';
import { createPassportLocalMongoose } from '../peers/passport-local-mongoose.js';
import { type CreateLimiter, createConsumeFirst, createRecipe } from '../peers/rate-limiter-flexible.js';
import { CommandCounter } from './command-counter.js';
import { withDatabase } from './database.js';
import type { WithField } from './field.js';
import { oldCollection } from './old-collection.js';

export const withMongo: WithField = (use) =>
  withDatabase(async (connect, description) => {
    const timed = await connect({ maxPoolSize: IN_PARALLEL });
    const counted = await connect({ maxPoolSize: IN_PARALLEL, monitorCommands: true });
    const counter = new CommandCounter(counted);
    return use({
      store: 'mongo',
      description,
      create: (nameLimit) => createContenders(timed, 'timed', nameLimit),
      wire: {
        create: (nameLimit) => createContenders(counted, 'counted', nameLimit),
        count: (act) => counter.during(act),
      },
    });
  });

async function createContenders(
  connection: Connection,
  prefix: string,
  nameLimit: NameLimit,
): Promise<readonly Contender[]> {
  const ofLimit = `${prefix}_${nameLimit}`;
  const limiters = createLimiters(connection, ofLimit);
  const blocking = createLimiters(connection, `${ofLimit}_blocking`, (points) => ({ inMemoryBlockOnConsumed: points }));
  const brute = new ExpressBruteMongo((ready) => ready(oldCollection(connection.collection(`${ofLimit}_brute`))));
  return [
    createPlain(),
    createOurs(new MongoStore(connection, { prefix: `${ofLimit}_` }), nameLimit),
    await createConsumeFirst(limiters, nameLimit),
    await createRecipe(limiters, nameLimit),
    // Remembers in memory who is locked, as ours does; that changes nothing else.
    { ...(await createConsumeFirst(blocking, nameLimit, 'rlf block')), cases: [CASE.refused, CASE.refusedInTurn] },
    createExpressBrute(brute, nameLimit),
    await createPassportLocalMongoose(connection, `${ofLimit}_users`, nameLimit),
  ];
}

/**
 * Repeats once what parallel requests for a new key did to each other. rate-limiter-flexible does so itself where MongoDB
 * answers 11000; FerretDB answers another code. Repeated without end, a burst would never be over: the requests would lock each
 * other out again and again.
 */
class PatientLimiter extends RateLimiterMongo {
  override consume(...args: Parameters<RateLimiterMongo['consume']>): ReturnType<RateLimiterMongo['consume']> {
    return super.consume(...args).catch((reason: unknown) => {
      if (reason instanceof Error && 'code' in reason && reason.code === 1) return super.consume(...args);
      throw reason;
    });
  }
}

export function createLimiters(
  connection: Connection,
  prefix: string,
  optionsFor: (points: number) => Partial<IRateLimiterMongoOptions> = () => ({}),
): CreateLimiter {
  return async (name, points) => {
    const limiter = new PatientLimiter({
      storeClient: connection.getClient(),
      dbName: connection.name,
      keyPrefix: `${prefix}_${name}`,
      points,
      duration: WINDOW_SECONDS,
      disableIndexesCreation: true,
      ...optionsFor(points),
    });
    await limiter.createIndexes();
    return limiter;
  };
}
