/** `npm run bench:strategies`: what the lockout adds to each kind of strategy, on the memory store. */
import { type LockoutOptions, type StrategyLike, withLockout } from '../lib/index.js';
import { measure, type Timing } from './measure.js';
import { describeMachine, toTable } from './report.js';
import { createStrategyCases, type StrategyCase } from './strategy-cases.js';

const ROUNDS = { warmUpRounds: 6, rounds: 30, callsPerRound: 500 };
const LOG_OPTIONS: readonly LockoutOptions[] = [{ attemptLog: 'off' }, {}];

const ACTIONS = ['success', 'fail', 'error', 'pass', 'redirect'] as const;
const REQUEST = { method: 'GET', url: '/', ip: '203.0.113.9', headers: {}, query: {}, body: {} };

type Authenticate = (req: object, options: object) => void;

/** Calls a strategy as Passport does, once per request; throws if it does not succeed in the same turn. */
function createCall(strategy: StrategyLike, parts: object): () => void {
  let ended = '';
  const actions = Object.fromEntries(
    ACTIONS.map((name) => [
      name,
      () => {
        ended = name;
      },
    ]),
  );
  return () => {
    ended = 'nothing';
    const forOneRequest = Object.assign(Object.create(strategy), actions) as { authenticate: Authenticate };
    forOneRequest.authenticate({ ...REQUEST, ...parts }, {});
    if (ended !== 'success') throw new Error(`expected success, got ${ended}`);
  };
}

function callsOf({ create, parts, strategyOptions }: StrategyCase): readonly (() => void)[] {
  const wrapped = LOG_OPTIONS.map((options) => withLockout(create(), options, strategyOptions));
  return [create(), ...wrapped].map((strategy) => createCall(strategy, parts));
}

const cases = createStrategyCases();
const timings = await measure(cases.flatMap(callsOf), ROUNDS);

const us = (value: number) => value.toFixed(1);
const header = ['us per call, p50', 'plain', 'log off', 'added', 'default', 'added'];
const rows = cases.map(({ name }, index) => {
  const [plain, off, full] = timings.slice(3 * index, 3 * index + 3).map(({ p50Us }: Timing) => p50Us) as [
    number,
    number,
    number,
  ];
  return [name, us(plain), us(off), us(off - plain), us(full), us(full - plain)];
});
console.log(describeMachine());
console.log(
  `one good login per call, the strategy alone and with the lockout (memory store); ${ROUNDS.rounds} rounds of ${ROUNDS.callsPerRound} calls, in turns\n`,
);
console.log(toTable([header, ...rows]));
