/** What people type and what strangers wrote, read and printed. */
import { PassThrough } from 'node:stream';
import { expect } from 'chai';
import { confirm } from '../../lib/cli/command.js';
import { maskCredentials } from '../../lib/cli/escape.js';
import { CliError } from '../../lib/cli/exit.js';
import { logEntries, Output, plural, type Streams } from '../../lib/cli/output.js';
import { parseSubject, parseSubjects } from '../../lib/cli/subject-text.js';
import { KeyMaker } from '../../lib/subject/key.js';
import { toPart } from '../../lib/subject/part.js';
import { escapeUnsafe } from '../../lib/util/printable.js';
import { toSafeJson } from '../../lib/util/safe-json.js';

describe('parseSubject', () => {
  const CASES: readonly [string, object][] = [
    ['alice', { username: 'alice' }],
    ['203.0.113.9', { ip: '203.0.113.9' }],
    ['2001:db8::1', { ip: '2001:db8::1' }],
    ['127.1', { username: '127.1' }],
    ['alice@example.com', { username: 'alice@example.com' }],
    ['CORP\\alice', { username: 'CORP\\alice' }],
    ['100%', { username: '100%' }],
    ['username=203.0.113.9', { username: '203.0.113.9' }],
    ['username=100%', { username: '100%' }],
    ['username=a%3Db', { username: 'a=b' }],
    ['ip=::1&username=a%26b', { ip: '::1', username: 'a&b' }],
    ['tenant=acme', { tenant: 'acme' }],
  ];
  for (const [text, subject] of CASES) {
    it(`parses ${text}`, () => expect(parseSubject(text)).to.deep.equal(subject));
  }

  it('parses what list prints, whatever the name', () => {
    for (const name of [
      'a b',
      '%',
      '%41',
      '\\u{a}',
      '\ud800',
      'a=b&c',
      '\\',
      'x\ny',
      '\u001b[2J',
      'Zoë 🔑',
      '\u202e',
      '__proto__x',
    ]) {
      const { key } = new KeyMaker().toSubject('username', { username: toPart(name) });
      expect(parseSubject(key)).to.deep.equal({ username: name });
    }
  });

  const RANGES: readonly [string, number, string, string][] = [
    ['203.0.113.0/24', 256, '203.0.113.0', '203.0.113.255'],
    ['203.0.113.77/25', 128, '203.0.113.0', '203.0.113.127'],
    ['203.0.113.9/32', 1, '203.0.113.9', '203.0.113.9'],
    ['10.0.0.0/16', 65_536, '10.0.0.0', '10.0.255.255'],
    ['::ffff:10.0.0.0/127', 2, '10.0.0.0', '10.0.0.1'],
    ['2001:db8::/62', 4, '2001:db8::', '2001:db8:0:3::'],
    ['2001:db8::5/64', 1, '2001:db8::', '2001:db8::'],
    ['2001:db8::5/128', 1, '2001:db8::5', '2001:db8::5'],
  ];
  for (const [range, count, first, last] of RANGES) {
    it(`expands ${range} to ${count} subjects`, () => {
      const subjects = parseSubjects(range, 64);
      expect(subjects).to.have.length(count);
      expect([subjects[0], subjects.at(-1)]).to.deep.equal([{ ip: first }, { ip: last }]);
      expect(new Set(subjects.map(({ ip }) => ip)).size).to.equal(count);
    });
  }

  it('takes a name with a slash as a name', () => {
    expect(parseSubjects('ou/alice', 64)).to.deep.equal([{ username: 'ou/alice' }]);
  });
});

describe('cli output', () => {
  it('is on one line and without control characters, whatever strangers wrote', () => {
    expect(escapeUnsafe('a\tb\nc\r\\ \u001b[31m\u0085\u2028\u200b\ud800')).to.equal(
      'a\\u{9}b\\u{a}c\\u{d}\\ \\u{1b}[31m\\u{85}\\u{2028}\\u{200b}\\u{d800}',
    );
    for (const safe of ['Zoë 🔑 <b>', 'a\\u{a}b', 'CORP\\alice']) expect(escapeUnsafe(safe)).to.equal(safe);
  });

  it('has the same value in JSON', () => {
    const value = { name: 'a\n\u001b\u009b\u202e\u{e0041}"\\' };
    expect(toSafeJson(value)).to.match(/^[ -~]+$/);
    expect(JSON.parse(toSafeJson(value))).to.deep.equal(value);
  });

  it('contains no credentials', () => {
    expect(maskCredentials('a mongodb://u:p@h/ and\n redis://:x@y b')).to.equal(
      'a mongodb://***@h/ and redis://***@y b',
    );
    expect(maskCredentials('no p%40ss or p@ss here', 'mongodb://u:p%40ss@h')).to.equal('no *** or *** here');
    expect(maskCredentials('x', 'mongodb://u:%zz@h')).to.equal('x');
  });

  it('pluralizes counts', () => {
    expect([0, 1, 2].map((count) => plural(count, 'subject'))).to.deep.equal(['0 subjects', '1 subject', '2 subjects']);
    expect([0, 1].map(logEntries)).to.deep.equal(['0 log entries', '1 log entry']);
  });
});

describe('confirm', () => {
  /** A terminal at which this is typed. */
  function ask(typed: string): { readonly answer: Promise<void>; readonly asked: () => string } {
    const stdin = Object.assign(new PassThrough(), { isTTY: true }) as unknown as NodeJS.ReadStream;
    const stderr = new PassThrough();
    const output = new Output({ stdout: new PassThrough(), stderr } as unknown as Streams);
    const answer = confirm({ output, stdin }, undefined, 'clears everything');
    stdin.push(typed);
    stdin.push(null);
    return { answer, asked: () => String(stderr.read()) };
  }

  it('asks at a terminal, and proceeds on yes', async () => {
    const { answer, asked } = ask('yes\n');
    await answer;
    expect(asked()).to.equal('passport-lockout: this clears everything. Type yes to continue:\n');
  });

  for (const typed of ['no\n', 'y\n', 'YES\n', '\n', '']) {
    it(`does not proceed on ${JSON.stringify(typed)}`, async () => {
      const error = await ask(typed).answer.catch((thrown: unknown) => thrown);
      expect(error).to.be.instanceOf(CliError).with.property('exitCode', 2);
      expect((error as Error).message).to.equal('not confirmed; nothing was changed');
    });
  }
});
