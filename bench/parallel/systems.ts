/** What is measured: the lockout and others on each store that they have, each with a verify function that counts. */
import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import ExpressBruteMongo from 'express-brute-mongo';
import type { Connection } from 'mongoose';
import type { Strategy } from 'passport';
import { MemoryStore } from '../../lib/index.js';
import { MongoStore } from '../../lib/stores/mongo/index.js';
import { RedisStore } from '../../lib/stores/redis/index.js';
import type { Contender } from '../compare/contender.js';
import { createOurs, createPlain } from '../compare/ours.js';
import { createExpressBrute } from '../compare/peers/express-brute.js';
import { createExpressRateLimit } from '../compare/peers/express-rate-limit.js';
import { createPassportLocalMongoose } from '../compare/peers/passport-local-mongoose.js';
import { createConsumeFirst, createRecipe } from '../compare/peers/rate-limiter-flexible.js';
import { createLimiter } from '../compare/stores/memory.js';
import { createLimiters as createMongoLimiters } from '../compare/stores/mongo.js';
import { oldCollection } from '../compare/stores/old-collection.js';
import { createLimiters as createRedisLimiters } from '../compare/stores/redis.js';
import type { RedisClient } from '../compare/stores/redis-command-counter.js';
import { createStrategy, RIGHT_PASSWORD } from '../login.js';
import { LIMIT, type System, VERIFY_MS } from './measure.js';

/** @param server - what the MongoDB server is, for a person */
export async function createSystems(redis: RedisClient, mongo: Connection, server: string): Promise<readonly System[]> {
  const rlf = named('rate-limiter-flexible');
  const brute = new ExpressBruteMongo((ready) => ready(oldCollection(mongo.collection('brute'))));
  let hashed = 0;
  const hash = async () => {
    hashed += 1;
    await wait(VERIFY_MS);
  };
  const users = await createPassportLocalMongoose(mongo, 'users', LIMIT, hash);
  return [
    await counted('Passport alone', createPlain),
    await counted(`${rlf}, its login recipe, in memory`, (strategy) => createRecipe(createLimiter, LIMIT, strategy)),
    await counted(`${rlf}, its login recipe, Redis`, (strategy) =>
      createRecipe(createRedisLimiters(redis, 'recipe'), LIMIT, strategy),
    ),
    await counted(`${rlf}, consume first, in memory`, (strategy) =>
      createConsumeFirst(createLimiter, LIMIT, 'rlf', strategy),
    ),
    await counted(`${rlf}, consume first, Redis`, (strategy) =>
      createConsumeFirst(createRedisLimiters(redis, 'first'), LIMIT, 'rlf', strategy),
    ),
    await counted(`${rlf}, its login recipe, ${server}`, (strategy) =>
      createRecipe(createMongoLimiters(mongo, 'recipe'), LIMIT, strategy),
    ),
    await counted(`${named('express-rate-limit')}, in memory`, (strategy) => createExpressRateLimit(LIMIT, strategy)),
    await counted(`${named('express-brute')}, ${server}`, (strategy) => createExpressBrute(brute, LIMIT, strategy)),
    { system: `${named('passport-local-mongoose')}, ${server}`, contender: users, verified: () => hashed },
    await counted('passport-lockout, in memory', (strategy) => createOurs(new MemoryStore(), LIMIT, {}, strategy)),
    await counted('passport-lockout, Redis', (strategy) => createOurs(new RedisStore(redis), LIMIT, {}, strategy)),
    await counted(`passport-lockout, ${server}`, (strategy) => createOurs(new MongoStore(mongo), LIMIT, {}, strategy)),
  ];
}

/** @param create - receives a strategy whose verify function takes its time and counts */
export async function counted(
  system: string,
  create: (strategy: Strategy) => Contender | Promise<Contender>,
): Promise<System> {
  let verified = 0;
  const strategy = createStrategy((username, password, done) => {
    verified += 1;
    setTimeout(() => done(null, password === RIGHT_PASSWORD && { username }), VERIFY_MS);
  });
  return { system, contender: await create(strategy), verified: () => verified };
}

/** Returns the name of a package with the version that is installed. */
function named(name: string): string {
  const { version } = JSON.parse(readFileSync(`node_modules/${name}/package.json`, 'utf8')) as { version: string };
  return `${name} ${version}`;
}
