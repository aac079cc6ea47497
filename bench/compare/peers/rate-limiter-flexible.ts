/** rate-limiter-flexible, in the two ways in which a login is guarded with it. */
import type { Strategy } from 'passport';
import { type RateLimiterAbstract, RateLimiterRes } from 'rate-limiter-flexible';
import type { Request, Response } from '../../exchange.js';
import { createAsyncLogin, createAuthenticate, createVerdict, type Middleware } from '../../login.js';
import { type Contender, type NameLimit, RIVAL, UNREACHABLE } from '../contender.js';

/** Returns a limiter of `points` a day under a prefix of its own. */
export type CreateLimiter = (keyPrefix: string, points: number) => Promise<RateLimiterAbstract>;

/** The strictest way: points are taken before the password is checked, and given back after a success. */
export async function createConsumeFirst(
  create: CreateLimiter,
  nameLimit: NameLimit,
  name: Contender['name'] = RIVAL,
  strategy?: Strategy,
): Promise<Contender> {
  const byName = await create('first_name', nameLimit);
  const byAddress = await create('first_ip', UNREACHABLE);
  const consume: Middleware = ({ body: { username }, ip }, res, next) => {
    Promise.all([byName.consume(username), byAddress.consume(ip)]).then(
      () => next(),
      (reason: unknown) => refuseOr(next, res, reason),
    );
  };
  const reward: Middleware = ({ body: { username }, ip }, _res, next) => {
    Promise.all([byName.reward(username), byAddress.reward(ip)]).then(() => next(), next);
  };
  return { name, login: createAsyncLogin([consume, createAuthenticate(strategy), reward]), mayFail: true };
}

/**
 * The recipe "Login endpoint protection" of its wiki: what was consumed is looked at first, failures are consumed, and a
 * success forgets the name at this address. Parallel guesses all pass the look.
 */
export async function createRecipe(
  create: CreateLimiter,
  nameLimit: NameLimit,
  strategy?: Strategy,
): Promise<Contender> {
  const byPair = await create('recipe_pair', nameLimit);
  const byAddress = await create('recipe_ip', UNREACHABLE);
  const isRight = createVerdict(strategy);
  const login: Middleware = (req, res, next) => {
    void attempt(req, res).then(
      () => next(),
      (reason: unknown) => refuseOr(next, res, reason),
    );
  };
  /** Rejects where a failure was one too many. */
  async function attempt(req: Request, res: Response): Promise<void> {
    const { ip } = req;
    const pair = `${req.body.username}_${ip}`;
    const [ofPair, ofAddress] = await Promise.all([byPair.get(pair), byAddress.get(ip)]);
    if (ofAddress && ofAddress.consumedPoints > UNREACHABLE) throw ofAddress;
    if (ofPair && ofPair.consumedPoints > nameLimit) throw ofPair;
    if (await isRight(req, res)) {
      if (ofPair && ofPair.consumedPoints > 0) await byPair.delete(pair);
      return;
    }
    await Promise.all([byAddress.consume(ip), byPair.consume(pair)]);
    res.statusCode = 401;
  }
  return { name: 'rlf recipe', login: createAsyncLogin([login]), mayFail: true };
}

/** Answers 503 where FerretDB says that parallel requests for a new key were in each other's way. */
function refuseOr(next: (error: unknown) => void, res: Response, reason: unknown): void {
  if (reason instanceof Error && 'code' in reason && reason.code === 1) {
    res.status(503).end();
    return;
  }
  if (!(reason instanceof RateLimiterRes)) {
    next(reason);
    return;
  }
  res.statusCode = 429;
  res.setHeader('Retry-After', Math.ceil(reason.msBeforeNext / 1000));
  res.end();
}
