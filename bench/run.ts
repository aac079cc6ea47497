/** `npm run bench`: measures what the lockout adds to a login on the memory store; fails if it is more than promised. */
import { createCases } from './cases.js';
import { measure, type Timing } from './measure.js';
import { describeMachine, toTable } from './report.js';

const BUDGET_US = 15;
const ROUNDS = { warmUpRounds: 10, rounds: 60, callsPerRound: 2_000 };

const cases = createCases();
const timings = await measure(
  cases.flatMap(({ plain, wrapped }) => [plain, wrapped]),
  ROUNDS,
);
const results = cases.map(({ name }, index) => {
  const plain = timings[2 * index] as Timing;
  const wrapped = timings[2 * index + 1] as Timing;
  return { name, plain, wrapped, addedUs: wrapped.p50Us - plain.p50Us };
});

const us = (value: number) => value.toFixed(1);
const header = ['us per call', 'plain p50', 'plain p99', 'lockout p50', 'lockout p99', 'added p50', 'added p99'];
const rows = results.map(({ name, plain, wrapped, addedUs }) => [
  name,
  us(plain.p50Us),
  us(plain.p99Us),
  us(wrapped.p50Us),
  us(wrapped.p99Us),
  us(addedUs),
  us(wrapped.p99Us - plain.p99Us),
]);
console.log(describeMachine());
console.log(
  `passport-local through Passport, alone and with the lockout (username and ip, memory store); ${ROUNDS.rounds} rounds of ${ROUNDS.callsPerRound} calls, in turns\n`,
);
console.log(toTable([header, ...rows]));

const over = results.filter(({ addedUs }) => addedUs > BUDGET_US).map(({ name }) => name);
console.log(`\nadds at most ${BUDGET_US} us (p50): ${over.length === 0 ? 'yes' : `no: ${over.join(', ')}`}\n`);
if (over.length > 0) process.exitCode = 1;
