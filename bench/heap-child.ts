/** Runs in its own process with --expose-gc, so that the figures contain only the lockout. */
import { randomBytes } from 'node:crypto';
import { MemoryStore, withLockout } from '../lib/index.js';
import { createLogin, createStrategy } from './login.js';
import type { MemoryReport } from './report.js';

const USERNAMES = 1_000_000;
/** A real process serves other requests in between, and collects garbage. */
const LOGINS_PER_TURN = 1_000;

const collect = globalThis.gc;
if (!collect || !process.send) throw new Error('start this file from heap.js, with --expose-gc');

const store = new MemoryStore();
const login = createLogin(withLockout(createStrategy(), { store, dimensions: ['username'] }));
collect();
const before = process.memoryUsage();
const startedAt = performance.now();
for (let done = 0; done < USERNAMES; done += 1) {
  login(randomBytes(12).toString('hex'), 'wrong');
  if (done % LOGINS_PER_TURN === 0) await new Promise((resolve) => setImmediate(resolve));
}
const seconds = (performance.now() - startedAt) / 1000;
collect();
const after = process.memoryUsage();

const report: MemoryReport = {
  subjects: store.size,
  seconds,
  heapBefore: before.heapUsed,
  heapAfter: after.heapUsed,
  rssBefore: before.rss,
  rssAfter: after.rss,
  rssPeak: process.resourceUsage().maxRSS * 1024,
};
process.send(report);
