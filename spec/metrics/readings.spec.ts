/** What is read of a lockout whenever metrics are collected. */
import { expect } from 'chai';
import { Lockout } from '../../lib/index.js';
import { readingsOf } from '../../lib/metrics/observe-lockout.js';
import { QueueUnderTest } from '../log/queue-under-test.js';
import { onEvery } from '../support/fixtures/ladders.js';
import { until } from '../support/tools/until.js';

describe('The readings of a lockout', () => {
  it('have the attempts that wait for a slot', async () => {
    const lockout = new Lockout({ tiers: onEvery([{ failures: 1, cooloff: '1h' }]) });
    let answer = (_isRight: boolean): void => {};
    const attempt = (verify: () => boolean | Promise<boolean>) =>
      lockout.protect({ username: 'alice', ip: '203.0.113.9' }, verify);
    const first = attempt(() => new Promise((resolve) => (answer = resolve)));
    const second = attempt(() => true);

    await until(() => readingsOf(lockout).waiting > 0);
    expect(readingsOf(lockout).waiting).to.equal(1);
    answer(true);
    await Promise.all([first, second]);

    expect(readingsOf(lockout).waiting).to.equal(0);
  });

  it('are zero without an attempt log', () => {
    const lockout = new Lockout({ attemptLog: 'off' });

    expect(readingsOf(lockout)).to.deep.equal({ waiting: 0, logBacklog: 0, logDropped: 0 });
  });
});

describe('The writer of the attempt log', () => {
  it('counts what is queued, and in total what was lost', async () => {
    const use = new QueueUnderTest();
    try {
      const writer = use.createWriter();
      use.record(writer, 'alice', 'bob');
      expect([writer.backlog, writer.dropped]).to.deep.equal([2, 0]);

      use.log.answer = () => Promise.reject(new Error('connection lost'));
      await writer.flush();
      use.record(writer, 'carol');
      await writer.flush();

      expect([writer.backlog, writer.dropped]).to.deep.equal([0, 3]);
    } finally {
      use.timers.restore();
    }
  });
});
