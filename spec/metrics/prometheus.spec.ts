/** The metrics of a lockout, on a real registry of prom-client. */
import { expect } from 'chai';
import { Counter, Registry } from 'prom-client';
import { METRICS } from '../../lib/metrics/definitions.js';
import { collectLockoutMetrics } from '../../lib/metrics/prometheus/index.js';
import { MeasuredSite, TELLING } from './measured-site.js';

describe('collectLockoutMetrics()', () => {
  let register: Registry;
  let site: MeasuredSite;
  let stop: () => void;

  beforeEach(() => {
    register = new Registry();
    site = new MeasuredSite();
    stop = collectLockoutMetrics(site.lockout, { register, countLocked: true });
  });
  afterEach(() => stop());

  /** The lines of one metric, as Prometheus scrapes them. */
  const linesOf = async (name: string) =>
    (await register.metrics()).split('\n').filter((line) => line.startsWith(`${name}{`));

  it('measures attempts by outcome, why, and how near the next lock is', async () => {
    await site.run();

    const own = 'lockout="default"';
    const by = 'strategy="local"';
    expect(await linesOf('lockout_attempts_total')).to.have.members([
      `lockout_attempts_total{${own},outcome="succeeded",${by}} 1`,
      `lockout_attempts_total{${own},outcome="failed",near_limit="true",${by}} 2`,
      `lockout_attempts_total{${own},outcome="refused",reason="locked",${by}} 1`,
      `lockout_attempts_total{${own},outcome="refused",reason="store_error",${by}} 1`,
    ]);
  });

  it('measures calls to the store as a histogram, with the code of an error', async () => {
    await site.run();

    expect(await linesOf('lockout_store_operation_duration_seconds_count')).to.include(
      'lockout_store_operation_duration_seconds_count{lockout="default",operation="reserve",error_type="ERR_LOCKOUT_STORE_FAILED"} 1',
    );
  });

  it('registers what the definitions say, with no further label, and none that a client chooses', async () => {
    await site.run();
    const metrics = await register.getMetricsAsJSON();

    expect(metrics.map(({ name }) => name)).to.have.members(METRICS.map(({ prometheusName }) => prometheusName));
    for (const { name, values } of metrics) {
      const { labels = [] } = METRICS.find(({ prometheusName }) => prometheusName === name) ?? {};
      const known = ['lockout', 'le', ...labels.map((label) => label.replace('.', '_'))];
      for (const value of values) expect(known, name).to.include.members(Object.keys(value.labels));
    }
    const text = await register.metrics();
    for (const telling of TELLING) expect(text).not.to.include(telling);
  });

  it('reads the queues whenever the registry is read', async () => {
    for (const name of ['lockout_waiting', 'lockout_log_backlog', 'lockout_log_dropped_total']) {
      expect(await linesOf(name)).to.deep.equal([`${name}{lockout="default"} 0`]);
    }
  });

  it('has signals from the start, so that Prometheus sees the first increase', async () => {
    expect(await linesOf('lockout_signals_total')).to.deep.equal([
      'lockout_signals_total{lockout="default",signal="spray"} 0',
      'lockout_signals_total{lockout="default",signal="attack"} 0',
    ]);
  });

  it('counts the subjects that are locked now, for the lockouts that are to', async () => {
    const quiet = new MeasuredSite();
    const stopQuiet = collectLockoutMetrics(quiet.lockout, { register, name: 'quiet' });
    await Promise.all([site.run(), quiet.run()]);

    const readings = await Promise.all([linesOf('lockout_locked'), linesOf('lockout_locked')]);
    stopQuiet();

    for (const lines of readings) {
      expect(lines).to.have.members([
        'lockout_locked{lockout="default",dimension="userAgent"} 1',
        'lockout_locked{lockout="default",dimension="username"} 1',
      ]);
    }
  });

  it('leaves the metrics of the application alone, and removes its own at the end', async () => {
    new Counter({ name: 'app_total', help: 'of the application', registers: [register] });

    stop();

    expect((await register.getMetricsAsJSON()).map(({ name }) => name)).to.deep.equal(['app_total']);
  });

  it('measures several lockouts on one registry by their names, each until it is stopped', async () => {
    const other = new MeasuredSite();
    const stopOther = collectLockoutMetrics(other.lockout, { register, name: 'staff' });
    await other.attempt('bob', true);
    await site.attempt('bob', true);
    expect(await linesOf('lockout_attempts_total')).to.have.length(2);
    expect(await linesOf('lockout_waiting')).to.have.length(2);

    stopOther();

    expect(await linesOf('lockout_waiting')).to.deep.equal(['lockout_waiting{lockout="default"} 0']);
  });

  it('refuses a second lockout of the same name on one registry', () => {
    const call = () => collectLockoutMetrics(new MeasuredSite().lockout, { register });

    expect(call).to.throw(/^options\.name: expected a name that no other lockout of this registry has/);
  });

  it('can begin again after it was stopped, also twice', async () => {
    stop();
    stop();
    stop = collectLockoutMetrics(site.lockout, { register });
    await site.attempt('bob', true);

    expect(await linesOf('lockout_attempts_total')).to.have.length(1);
  });

  it('refuses anything but a registry', () => {
    const call = () => collectLockoutMetrics(site.lockout, { register: {} as Registry });

    expect(call).to.throw(/^options\.register: expected a Registry of prom-client/);
  });
});
