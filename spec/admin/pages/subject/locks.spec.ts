/** When a subject was locked, as far as attempts and acts tell. */
import { expect } from 'chai';
import { type LockSources, lockSpans } from '../../../../lib/admin/pages/subject/locks.js';
import type { ActivityRecord } from '../../../../lib/operator/activity.js';
import type { AttemptRecord } from '../../../../lib/operator/attempt-log.js';

const MINUTE = 60_000;
const SUBJECT = { key: 'username=alice', dimension: 'username', parts: { username: 'alice' } };
const BASE: LockSources = {
  subject: SUBJECT,
  steps: [
    { failures: 3, lockMs: 15 * MINUTE },
    { failures: 6, lockMs: null },
  ],
  entries: [],
  acts: [],
  now: null,
  lastFailureAt: null,
};

function failed(at: number, lock: Partial<AttemptRecord> = {}): AttemptRecord {
  const who = { username: 'alice', ip: '203.0.113.9', userAgent: null, method: null, path: null, action: null };
  const fate = { outcome: 'failed', dimension: 'username', cause: 'tier', tier: 0, reason: null, count: 1 } as const;
  return { id: String(at), at: new Date(at * MINUTE), sessionHash: null, ...who, ...fate, ...lock };
}

function acted(at: number, counts: ActivityRecord['counts']): ActivityRecord {
  const act = { id: String(at), action: counts?.['locked'] ? 'block' : 'unblock', by: null, reason: null } as const;
  const none = { undoOf: null, undoable: false, undoableUntil: null };
  return { ...act, ...none, ...SUBJECT, at: new Date(at * MINUTE), counts };
}

/** In minutes. */
function spans(sources: Partial<LockSources>) {
  const { locks, since } = lockSpans({ ...BASE, ...sources });
  const inMinutes = (ms: number | null) => (ms === null ? null : ms / MINUTE);
  return { locks: locks.map(({ from, to }) => [inMinutes(from), inMinutes(to)]), since: inMinutes(since) };
}

describe('lockSpans', () => {
  it('takes a lock from the failure that set it, for as long as its tier locks', () => {
    expect(spans({ entries: [failed(10)] })).to.deep.equal({ locks: [[10, 25]], since: null });
  });

  it('ends a lock with the act that lifted it', () => {
    expect(spans({ entries: [failed(10)], acts: [acted(12, { unblocked: 1 })] }).locks).to.deep.equal([[10, 12]]);
  });

  it('is not ended by an act that lifted nothing, nor by one that never ended', () => {
    const acts = [acted(12, { unblocked: 0 }), acted(13, null)];
    expect(spans({ entries: [failed(10)], acts }).locks).to.deep.equal([[10, 25]]);
  });

  it('ends with the present lock', () => {
    const now = { until: 25 * MINUTE, isByOperator: false };
    expect(spans({ entries: [failed(10)], now })).to.deep.equal({ locks: [[10, 25]], since: 10 });
  });

  it('ends with the present lock although the attempt was logged a moment later', () => {
    const now = { until: 24.9 * MINUTE, isByOperator: false };
    expect(spans({ entries: [failed(10)], now })).to.deep.equal({ locks: [[10, 24.9]], since: 10 });
  });

  it('distinguishes an earlier lock from the present one', () => {
    const now = { until: 99 * MINUTE, isByOperator: false };
    expect(spans({ entries: [failed(10)], now, lastFailureAt: 84 * MINUTE })).to.deep.equal({
      locks: [
        [10, 25],
        [84, 99],
      ],
      since: 84,
    });
  });

  it('knows a lock by hand that still holds, in place of an earlier one', () => {
    const sources = { entries: [failed(10)], acts: [acted(12, { locked: 1 })] };
    const now = { until: null, isByOperator: true };
    expect(spans({ ...sources, now })).to.deep.equal({
      locks: [
        [10, 12],
        [12, null],
      ],
      since: 12,
    });
  });

  it('is not ended by an act on many that left locks by hand', () => {
    const acts = [acted(12, { locked: 1 }), { ...acted(13, { unblocked: 7 }), key: null }];
    expect(spans({ acts, now: { until: null, isByOperator: true } }).locks).to.deep.equal([[12, null]]);
    expect(spans({ acts }).locks).to.deep.equal([[12, 13]]);
  });

  it('leaves a lock by hand out whose end nothing tells', () => {
    expect(spans({ acts: [acted(12, { locked: 1 })] })).to.deep.equal({ locks: [], since: null });
  });

  it('takes the last failure for the beginning of a lock that no entry tells of, except of an operator’s', () => {
    const sources = { lastFailureAt: 7 * MINUTE };
    const until = 22 * MINUTE;
    expect(spans({ ...sources, now: { until, isByOperator: false } })).to.deep.equal({ locks: [[7, 22]], since: 7 });
    expect(spans({ ...sources, now: { until, isByOperator: true } })).to.deep.equal({ locks: [], since: null });
  });

  it('holds until reset after the hard stop', () => {
    const entries = [failed(10, { cause: 'hardStop', tier: null })];
    expect(spans({ entries, now: { until: null, isByOperator: false } }).locks).to.deep.equal([[10, null]]);
  });

  it('takes no lock of another subject, another dimension or a refusal', () => {
    const entries = [
      failed(1, { username: 'bob' }),
      failed(2, { dimension: 'ip' }),
      failed(3, { dimension: null, cause: null, tier: null }),
      failed(4, { outcome: 'refused' }),
    ];
    expect(spans({ entries }).locks).to.deep.equal([]);
  });
});
