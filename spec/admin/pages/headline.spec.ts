/** The sentence on top of Now: what it says of which numbers. */
import { expect } from 'chai';
import type { Bucket } from '../../../lib/admin/charts/bucket.js';
import { toHeadline } from '../../../lib/admin/pages/now/headline.js';
import type { NowSnapshot, TopLists } from '../../../lib/admin/pages/now/snapshot.js';
import {
  address,
  buckets,
  empty,
  MINUTE,
  NOW,
  quiet,
  stuffing,
  username,
} from '../../support/fixtures/now-snapshots.js';

const FIRST = Math.floor(NOW / MINUTE) * MINUTE - 59 * MINUTE;

/** An hour in which so many fail in each minute from one of them on. */
function failing(perMinute: number, from = 0, given: Partial<NowSnapshot> = {}): NowSnapshot {
  const count = (index: number): Partial<Bucket> => (index >= from ? { failed: perMinute } : {});
  return { ...empty, usualPerMinute: 1, ...given, minutes: buckets(60, MINUTE, FIRST, count) };
}

const MANY: TopLists = { ...(empty.top as TopLists), failures: 4000, distinctAddresses: 1204, distinctNames: 3020 };

describe('toHeadline', () => {
  describe('the level', () => {
    for (const [perMinute, usual, level] of [
      [0, 1, 'quiet'],
      [1, 1, 'quiet'],
      [3, 1, 'raised'],
      [10, 1, 'attack'],
      [1, 0, 'quiet'],
      [2, 0, 'raised'],
      [9, 0.1, 'raised'],
      [90, 40, 'quiet'],
      [400, 40, 'attack'],
      [9, null, 'quiet'],
      [10, null, 'raised'],
      [60, null, 'attack'],
    ] as const) {
      it(`is ${level} with ${perMinute} failures a minute where ${usual ?? 'an unknown number'} is usual`, () => {
        expect(toHeadline(failing(perMinute, 0, { usualPerMinute: usual })).level).to.equal(level);
      });
    }

    it('is that of an attack while the lockout itself suspects one', () => {
      expect(toHeadline({ ...quiet, suspectedSince: NOW - MINUTE }).level).to.equal('attack');
    });

    it('is that of an attack within the minute in which it begins', () => {
      const { level, since, sentence } = toHeadline(failing(5000, 59));
      expect([level, since, sentence]).to.deep.equal([
        'attack',
        FIRST + 59 * MINUTE,
        'Failures are 5,000 times the usual.',
      ]);
    });

    it('is not raised by a few failures of the current minute, which is not complete', () => {
      expect(toHeadline(failing(9, 59)).level).to.equal('quiet');
    });

    it('is unknown without counts, and says so', () => {
      const { level, sentence } = toHeadline({ ...empty, minutes: [] });
      expect([level, sentence]).to.deep.equal([
        'unknown',
        'How many logins fail is not known, so an attack would not be noticed here.',
      ]);
    });

    it('is that of an attack without counts while the lockout itself suspects one', () => {
      const { level, since } = toHeadline({ ...empty, minutes: [], suspectedSince: NOW - MINUTE });
      expect([level, since]).to.deep.equal(['attack', NOW - MINUTE]);
    });
  });

  describe('the beginning', () => {
    it('is the first minute after the last pause', () => {
      expect(toHeadline(failing(40, 38)).since).to.equal(FIRST + 38 * MINUTE);
    });

    it('is not moved by one quiet minute', () => {
      const snapshot = failing(40, 38);
      const minutes = snapshot.minutes.map((minute, index) => (index === 45 ? { ...minute, failed: 0 } : minute));
      expect(toHeadline({ ...snapshot, minutes }).since).to.equal(FIRST + 38 * MINUTE);
    });

    it('is when the lockout suspected the attack, if that was before the hour', () => {
      expect(toHeadline({ ...failing(40), suspectedSince: FIRST - MINUTE }).since).to.equal(FIRST - MINUTE);
    });

    it('is unknown while all is quiet', () => {
      expect(toHeadline(quiet).since).to.equal(null);
    });
  });

  describe('the sentence', () => {
    it('says that nothing fails', () => {
      expect(toHeadline(empty).sentence).to.equal('No login has failed in the last minutes.');
    });

    it('says how many failed just now, while none did before', () => {
      expect(toHeadline(failing(1, 59)).sentence).to.equal('All is quiet: 1 login failed in this minute.');
    });

    it('says how much fails as usual', () => {
      expect(toHeadline(quiet).sentence).to.equal('All is quiet: 1.5 a minute fail, as usual.');
    });

    it('names few addresses that try many names: stuffing', () => {
      const { pattern, sentence } = toHeadline(stuffing);
      expect(pattern).to.equal('stuffing');
      expect(sentence).to.match(
        /^Failures are \d+ times the usual: 3 addresses of 2 networks make 98%, trying 1,284 usernames\.$/,
      );
    });

    it('names one address alone', () => {
      const one = { subject: address('203.0.113.9'), failures: 4000, succeeded: 0, isLocked: true, names: 900 };
      const top = { ...MANY, distinctAddresses: 1, distinctNames: 900, addresses: [one] };
      expect(toHeadline(failing(40, 0, { top })).sentence).to.equal(
        'Failures are 40 times the usual: 1 address makes 100%, trying 900 usernames.',
      );
    });

    it('says that one name is the target, without showing it', () => {
      const one = { subject: username('<b>ceo</b>'), failures: 3000, succeeded: 0, isLocked: true, addresses: 212 };
      const { pattern, sentence } = toHeadline(failing(40, 0, { top: { ...MANY, names: [one] } }));
      expect(pattern).to.equal('targeted');
      expect(sentence).to.equal('Failures are 40 times the usual: 75% try one username, from 212 addresses.');
    });

    it('says that many addresses try many names', () => {
      const one = { subject: address('203.0.113.9'), failures: 80, succeeded: 0, isLocked: false, names: 79 };
      const { pattern, sentence } = toHeadline(failing(40, 0, { top: { ...MANY, addresses: [one] } }));
      expect(pattern).to.equal('spread');
      expect(sentence).to.equal(
        'Failures are 40 times the usual: 1,204 addresses try 3,020 usernames, none more than 2%.',
      );
    });

    it('claims no pattern of a few failures', () => {
      const { pattern, sentence } = toHeadline(failing(4, 0, { top: { ...MANY, failures: 19 } }));
      expect([pattern, sentence]).to.deep.equal([null, 'Failures are 4 times the usual.']);
    });

    it('gives the number itself while the usual one is unknown', () => {
      expect(toHeadline(failing(1200, 0, { usualPerMinute: null })).sentence).to.equal('1,200 a minute fail.');
    });
  });

  describe('who is hurt', () => {
    for (const [names, knownNames, text] of [
      [0, 0, 'No username is locked.'],
      [1, 0, '1 username is locked; none of them logged in before.'],
      [1, 1, '1 username is locked; it logged in before.'],
      [2, 2, '2 usernames are locked; both logged in before.'],
      [3, 3, '3 usernames are locked; all of them logged in before.'],
      [1284, 3, '1,284 usernames are locked; 3 of them logged in before.'],
    ] as const) {
      it(`reads "${text}"`, () => {
        expect(
          toHeadline({ ...quiet, locked: { subjects: names, isAtLeast: false, names, lookedAt: names, knownNames } })
            .hurt,
        ).to.equal(text);
      });
    }

    it('says that there may be more', () => {
      const locked = { subjects: 10_000, isAtLeast: true, names: 600, lookedAt: 70, knownNames: 2 };
      expect(toHeadline({ ...quiet, locked }).hurt).to.equal(
        'At least 600 usernames are locked; 2 of the 70 looked at logged in before.',
      );
    });

    it('says that it is not known', () => {
      expect(toHeadline({ ...quiet, locked: null }).hurt).to.equal('Who is locked is not known.');
    });

    it('names logins from the attacking addresses: those accounts may be lost', () => {
      expect(toHeadline(stuffing).hurt).to.contain(
        '1 login succeeded from the attacking addresses: that account may be taken over.',
      );
    });
  });

  describe('the defence', () => {
    it('says how much is refused before a password is checked', () => {
      expect(toHeadline(stuffing).defence).to.match(
        /^\d\d% refused before a password was checked\. Logins succeed as usual\.$/,
      );
    });

    it('says that far fewer people log in than a day before', () => {
      const minutes = quiet.minutes.map((minute) => ({ ...minute, succeeded: 1 }));
      const yesterday = quiet.yesterday.map((minute) => ({ ...minute, succeeded: 40 }));
      expect(toHeadline({ ...quiet, minutes, yesterday }).defence).to.equal(
        'Logins fell to 10 within 10 minutes, from 400 yesterday.',
      );
    });

    it('compares with nothing while the day before is unknown', () => {
      expect(toHeadline({ ...quiet, yesterday: [] }).defence).to.match(/^\d+ logins succeeded within 10 minutes\.$/);
    });
  });
});
