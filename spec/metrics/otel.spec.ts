/** The metrics of a lockout, as the real SDK of OpenTelemetry reads them. */
import { type DataPoint, type Histogram, MeterProvider, MetricReader } from '@opentelemetry/sdk-metrics';
import { expect } from 'chai';
import sinon from 'sinon';
import type { Lockout } from '../../lib/index.js';
import { METRICS } from '../../lib/metrics/definitions.js';
import { instrumentLockout } from '../../lib/metrics/otel/index.js';
import { onEvery } from '../support/fixtures/ladders.js';
import { MeasuredSite, TELLING } from './measured-site.js';

class Reader extends MetricReader {
  protected override async onForceFlush(): Promise<void> {}
  protected override async onShutdown(): Promise<void> {}
}

interface Read {
  readonly name: string;
  readonly unit: string;
  readonly points: readonly { readonly labels: Readonly<Record<string, unknown>>; readonly value: number }[];
}

describe('instrumentLockout()', () => {
  let reader: Reader;
  let provider: MeterProvider;
  let site: MeasuredSite;
  let stop: () => void;
  const meter = () => provider.getMeter('logins');

  beforeEach(() => {
    reader = new Reader();
    provider = new MeterProvider({ readers: [reader] });
    site = new MeasuredSite();
    stop = instrumentLockout(site.lockout, { meter: meter(), countLocked: true });
  });
  afterEach(async () => {
    stop();
    sinon.restore();
    await provider.shutdown();
  });

  async function read(): Promise<readonly Read[]> {
    const { resourceMetrics } = await reader.collect();
    return resourceMetrics.scopeMetrics.flatMap(({ metrics }) =>
      metrics.map(({ descriptor: { name, unit }, dataPoints }) => ({
        name,
        unit,
        points: (dataPoints as DataPoint<number | Histogram>[]).map(({ attributes, value }) => ({
          labels: attributes,
          value: typeof value === 'number' ? value : value.count,
        })),
      })),
    );
  }

  const pointsOf = async (name: string) => (await read()).find((metric) => metric.name === name)?.points;

  it('measures attempts by outcome, why, and how near the next lock is', async () => {
    await site.run();

    const own = { lockout: 'default', strategy: 'local' };
    expect(await pointsOf('lockout.attempts')).to.have.deep.members([
      { labels: { ...own, outcome: 'succeeded' }, value: 1 },
      { labels: { ...own, outcome: 'failed', near_limit: 'true' }, value: 2 },
      { labels: { ...own, outcome: 'refused', reason: 'locked' }, value: 1 },
      { labels: { ...own, outcome: 'refused', reason: 'store_error' }, value: 1 },
    ]);
  });

  it('tells failures that are far from a lock', async () => {
    const far = new MeasuredSite({ tiers: onEvery([{ failures: 3, cooloff: '1h' }]) });
    const stopFar = instrumentLockout(far.lockout, { meter: meter() });

    await far.attempt('bob');
    stopFar();

    expect((await pointsOf('lockout.attempts'))?.map(({ labels }) => labels['near_limit'])).to.deep.equal(['false']);
  });

  it('measures locks by dimension and cause, unlocks and signals', async () => {
    await site.run();

    const lockout = 'default';
    expect(await pointsOf('lockout.locks')).to.have.deep.members([
      { labels: { lockout, dimension: 'ip', cause: 'tier', tier: '0' }, value: 1 },
      { labels: { lockout, dimension: 'userAgent', cause: 'tier', tier: '0' }, value: 1 },
      { labels: { lockout, dimension: 'username', cause: 'operator' }, value: 1 },
    ]);
    expect(await pointsOf('lockout.unlocks')).to.deep.equal([{ labels: { lockout, dimension: 'ip' }, value: 1 }]);
    expect(await pointsOf('lockout.signals')).to.have.deep.members([
      { labels: { lockout, signal: 'attack' }, value: 1 },
      { labels: { lockout, signal: 'spray' }, value: 1 },
    ]);
  });

  it('measures how long each call to the store takes, and which failed', async () => {
    await site.run();

    const points = (await pointsOf('lockout.store.operation.duration')) ?? [];
    const failed = points.filter(({ labels }) => 'error.type' in labels);
    expect(failed).to.deep.equal([
      {
        labels: { lockout: 'default', operation: 'reserve', 'error.type': 'ERR_LOCKOUT_STORE_FAILED' },
        value: 1,
      },
    ]);
    expect(points.map(({ labels }) => labels['operation'])).to.include.members(['reserve', 'settle', 'append']);
  });

  it('reads how many attempts wait, and the queue of the attempt log', async () => {
    const at = { labels: { lockout: 'default' }, value: 0 };

    for (const name of ['lockout.waiting', 'lockout.log.backlog', 'lockout.log.dropped']) {
      expect(await pointsOf(name), name).to.deep.equal([at]);
    }
  });

  it('counts the subjects that are locked now, if asked to', async () => {
    await site.run();
    const quiet = new MeasuredSite();
    const stopQuiet = instrumentLockout(quiet.lockout, { meter: meter(), name: 'quiet' });
    await quiet.run();

    const lockout = 'default';
    expect(await pointsOf('lockout.locked')).to.have.deep.members([
      { labels: { lockout, dimension: 'userAgent' }, value: 1 },
      { labels: { lockout, dimension: 'username' }, value: 1 },
    ]);
    stopQuiet();
  });

  it('counts no locked subjects while the store fails, and measures that it does', async () => {
    site.store.countLocked = () => {
      throw new Error('connection lost');
    };

    expect((await pointsOf('lockout.locked')) ?? []).to.deep.equal([]);
    const calls = await pointsOf('lockout.store.operation.duration');
    expect(calls?.map(({ labels }) => labels['error.type'])).to.include('ERR_LOCKOUT_STORE_FAILED');
  });

  it('measures what the definitions say, with no further label, and none that a client chooses', async () => {
    await site.run();
    const metrics = await read();

    expect(metrics.map(({ name, unit }) => [name, unit])).to.have.deep.members(
      METRICS.map(({ name, unit }) => [name, unit]),
    );
    for (const { name, points } of metrics) {
      const known = METRICS.find((metric) => metric.name === name)?.labels ?? [];
      for (const { labels } of points) expect(['lockout', ...known]).to.include.members(Object.keys(labels));
    }
    const labels = JSON.stringify(metrics.map(({ points }) => points.map((point) => point.labels)));
    for (const text of TELLING) expect(labels).not.to.include(text);
  });

  it('keeps the names of strategies few, even if each request has one of its own', async () => {
    for (let index = 0; index < 60; index += 1) await site.attempt(`user-${index}`, true, `tenant-${index}`);

    const strategies = ((await pointsOf('lockout.attempts')) ?? []).map(({ labels }) => labels['strategy']);
    expect(strategies).to.have.length(51).and.include('other');
  });

  it('tells lockouts of one process apart by their names', async () => {
    const other = new MeasuredSite();
    const stopOther = instrumentLockout(other.lockout, { meter: meter(), name: 'staff' });

    await other.attempt('bob', true);
    stopOther();

    expect(((await pointsOf('lockout.attempts')) ?? []).map(({ labels }) => labels['lockout'])).to.deep.equal([
      'staff',
    ]);
  });

  it('measures nothing more once it is stopped', async () => {
    await site.attempt('bob', true);
    stop();
    await site.attempt('bob', true);

    expect((await pointsOf('lockout.attempts'))?.map(({ value }) => value)).to.deep.equal([1]);
  });

  it('warns once, and fails no login, if the meter throws', async () => {
    const emitWarning = sinon.stub(process, 'emitWarning');
    const broken = {
      createCounter: () => ({
        add: () => {
          throw new Error('no meter');
        },
      }),
      createHistogram: () => ({ record: () => {} }),
      createObservableGauge: () => ({}),
      createObservableCounter: () => ({}),
      addBatchObservableCallback: () => {},
      removeBatchObservableCallback: () => {},
    };
    const stopBroken = instrumentLockout(site.lockout, { meter: broken as never });

    const results = [await site.attempt('bob', true), await site.attempt('bob', true)];
    stopBroken();

    expect(results.map(({ outcome }) => outcome)).to.deep.equal(['succeeded', 'succeeded']);
    sinon.assert.calledOnce(emitWarning);
    expect(emitWarning.firstCall.args[1]).to.include({ code: 'WARN_LOCKOUT_LISTENER_FAILED' });
  });

  const WRONG: readonly (readonly [what: string, lockout: unknown, options: unknown, message: RegExp])[] = [
    ['anything but a lockout', {}, {}, /^lockout: expected a Lockout, got an empty object$/],
    ['a missing meter', undefined, {}, /^options\.meter: expected a Meter of OpenTelemetry/],
    ['an unknown option', undefined, { metre: 1 }, /metre/],
  ];
  for (const [what, lockout, options, message] of WRONG) {
    it(`refuses ${what}`, () => {
      const call = () => instrumentLockout((lockout ?? site.lockout) as Lockout, options as never);
      expect(call).to.throw(message).with.property('name', 'LockoutConfigError');
    });
  }
});
