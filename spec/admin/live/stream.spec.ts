/** What one viewer of a live page is sent. */
import { expect } from 'chai';
import sinon from 'sinon';
import { liveEvents, type Regions } from '../../../lib/admin/live/stream.js';

describe('liveEvents', () => {
  let regions: Regions;
  let asks: number;
  let leaving: AbortController;
  let events: AsyncGenerator<string>;

  beforeEach(() => {
    sinon.useFakeTimers({ toFake: ['performance', 'setTimeout', 'clearTimeout'] });
    regions = { headline: 'quiet', 'as-of': '14:00:00' };
    asks = 0;
    leaving = new AbortController();
    const read = async () => {
      asks += 1;
      return regions;
    };
    events = liveEvents({ regions: read, dueInMs: () => 1000 }, leaving.signal);
  });
  afterEach(() => {
    leaving.abort();
    sinon.restore();
  });

  async function next(): Promise<string> {
    return (await events.next()).value as string;
  }
  async function pass(ms: number): Promise<void> {
    await sinon.clock.tickAsync(ms);
  }

  /** Reads the beginning: how to connect again, and all regions. */
  async function begin(): Promise<void> {
    await next();
    await next();
  }

  it('says when to connect again, and then all regions', async () => {
    expect(await next()).to.equal('retry: 1000\n\n');
    expect(await next()).to.equal('data: {"headline":"quiet","as-of":"14:00:00"}\n\n');
  });

  it('sends a region when it has changed, with the time', async () => {
    await begin();
    const event = next();
    regions = { headline: 'attack', 'as-of': '14:00:01' };
    await pass(1000);
    expect(await event).to.equal('data: {"headline":"attack","as-of":"14:00:01"}\n\n');
  });

  it('sends nothing while nothing but the time has changed, and the time with the heartbeat after 15 seconds', async () => {
    await begin();
    const event = next();
    regions = { headline: 'quiet', 'as-of': '14:00:14' };
    await pass(14_000);
    const before = asks;
    regions = { headline: 'quiet', 'as-of': '14:00:15' };
    await pass(1000);
    expect(await event).to.equal('data: {"as-of":"14:00:15"}\n\n');
    expect(before).to.equal(15);
  });

  it('sends a comment as heartbeat while nothing at all changes', async () => {
    await begin();
    const event = next();
    await pass(15_000);
    expect(await event).to.equal(':\n\n');
  });

  it('sends a reader who was busy the latest state only, and asks for nothing meanwhile', async () => {
    await begin();
    regions = { headline: 'attack' };
    await pass(10_000);
    expect(asks).to.equal(1);
    regions = { headline: 'over' };
    const event = next();
    await pass(1000);
    expect(await event).to.equal('data: {"headline":"over"}\n\n');
  });

  it('keeps markup with line breaks in one event', async () => {
    regions = { headline: 'a\n\ndata: b\r\n' };
    await next();
    expect(await next()).to.equal('data: {"headline":"a\\n\\ndata: b\\r\\n"}\n\n');
  });

  it('ends after five minutes, so that whoever may not look any more is not let in again', async () => {
    await begin();
    const event = events.next();
    regions = { headline: 'attack' };
    await pass(300_000);
    await event;
    const end = events.next();
    await pass(1000);
    expect((await end).done).to.equal(true);
  });

  it('ends when the reader leaves, and asks for nothing more', async () => {
    await begin();
    const event = events.next();
    await pass(500);
    leaving.abort();
    expect(await event).to.deep.equal({ done: true, value: undefined });
    await pass(10_000);
    expect(asks).to.equal(1);
  });
});
