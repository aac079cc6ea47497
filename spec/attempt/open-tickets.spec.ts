/** The attempts that are being verified: when they are examined, and what is kept of them. */
import { expect } from 'chai';
import sinon from 'sinon';
import { GuessMemory } from '../../lib/attempt/guess-memory.js';
import { OpenTickets } from '../../lib/attempt/open-tickets.js';
import type { Ticket } from '../../lib/attempt/ticket.js';
import { UNKNOWN_ATTEMPT } from '../../lib/subject/attempt.js';

const LEASE_MS = 5_000;

describe('OpenTickets', () => {
  let timers: sinon.SinonFakeTimers;
  let open: OpenTickets;
  /** The calls that the watcher received, with their times. */
  let told: string[];
  let names: Map<Ticket, string>;

  beforeEach(() => {
    timers = sinon.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    told = [];
    names = new Map();
    open = openFor(LEASE_MS);
  });
  afterEach(() => timers.restore());

  function openFor(leaseMs: number): OpenTickets {
    const at = () => timers.now;
    return new OpenTickets(leaseMs, {
      onLong: (ticket) => told.push(`${at()} long ${names.get(ticket)}`),
      look: (tickets) => told.push(`${at()} look ${[...tickets].map((ticket) => names.get(ticket)).join()}`),
    });
  }

  function add(name: string): Ticket {
    const ticket = { attempt: UNKNOWN_ATTEMPT, holds: [], memory: new GuessMemory([]), openedAt: performance.now() };
    names.set(ticket, name);
    open.add(ticket);
    return ticket;
  }

  it('reports a ticket that has been open for a second, and looks at it each second', () => {
    add('a');
    timers.tick(300);
    const b = add('b');
    timers.tick(2_200);
    open.delete(b);
    timers.tick(1_000);
    expect(told).to.deep.equal(['1000 long a', '1000 look a', '2000 long b', '2000 look a,b', '3000 look a']);
  });

  it('does not look at a ticket that is closed within a second', () => {
    const a = add('a');
    timers.tick(999);
    open.delete(a);
    timers.tick(10_000);
    expect(told).to.deep.equal([]);
    expect(timers.countTimers()).to.equal(0);
  });

  it('looks once per lease when a lease is shorter than a second', () => {
    open = openFor(200);
    add('a');
    timers.tick(200);
    expect(told).to.deep.equal(['200 long a', '200 look a']);
  });

  it('keeps one timer for all tickets', () => {
    for (let count = 0; count < 100; count += 1) add(`${count}`);
    expect(timers.countTimers()).to.equal(1);
  });

  it('returns from delete whether the ticket was still open', () => {
    const [a, b] = [add('a'), add('b')];
    expect([open.delete(a), open.delete(a)]).to.deep.equal([true, false]);
    timers.tick(1_000);
    expect([open.delete(b), open.delete(b)]).to.deep.equal([true, false]);
  });

  it('has no timer once it is closed, and still knows which tickets are open', () => {
    const a = add('a');
    open.close();
    add('b');
    expect(timers.countTimers()).to.equal(0);
    expect(open.delete(a)).to.equal(true);
  });
});
