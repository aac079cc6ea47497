/** F10: errors that leave open whether the server carried a verdict out, and errors that say that it did not. */
import { expect } from 'chai';
import mongoose from 'mongoose';
import type { MongoStore } from '../../../lib/stores/mongo/index.js';
import { mayBeDone, OutOfStepError } from '../../../lib/stores/mongo/may-be-done.js';
import type { SlotVerdict } from '../../../lib/stores/store.js';
import { HOME, POLICY } from '../../../lib/testing/examples.js';
import { username } from '../../stores/examples.js';
import { describeMongo } from '../../support/servers/mongo-server/describe-mongo.js';
import { useProxiedDatabase } from '../../support/stores/proxied-database.js';

const { mongo } = mongoose;
const [ALICE, BOB] = [username('alice'), username('bob')];
const STEP = 'findAndModify';
const BOTH = 'update';

describe('F10 An error of the driver', () => {
  const network = new mongo.MongoNetworkError('connection 1 to 127.0.0.1:27017 closed');
  const labelled = new mongo.MongoServerError({ code: 10_107, errorLabels: ['RetryableWriteError'] });
  const result = { ok: 1, writeConcernError: { code: 64, errmsg: 'waiting for replication timed out' } };
  const OPEN: readonly Error[] = [
    network,
    new mongo.MongoNetworkTimeoutError('connection 1 to 127.0.0.1:27017 timed out'),
    new mongo.MongoOperationTimeoutError('Timed out after 500ms'),
    new mongo.MongoWriteConcernError(result as never),
    // Of the driver's retry, after a first run whose answer was lost.
    new mongo.MongoServerSelectionError('Server selection timed out after 30000 ms', {} as never),
    new mongo.MongoUnexpectedServerResponseError('Selected server does not support retryable writes'),
    new mongo.MongoClientClosedError(),
    new mongo.MongoServerError({ code: 11_602, codeName: 'InterruptedDueToReplStateChange' }),
    new mongo.MongoServerError({ code: 89, codeName: 'NetworkTimeout' }),
    // Of an operator's killOp on a router, and of a server that has lost the database behind it.
    new mongo.MongoServerError({ code: 11_601, codeName: 'Interrupted' }),
    new mongo.MongoServerError({ code: 1, codeName: 'InternalError' }),
    labelled,
    new OutOfStepError(),
  ];
  for (const error of OPEN) {
    it(`leaves open whether the step was carried out: ${error.name} ${error.message}`, () => {
      expect(mayBeDone(error, mongo)).to.equal(true);
    });
  }

  const REFUSED: readonly unknown[] = [
    new mongo.MongoServerError({ code: 13, codeName: 'Unauthorized' }),
    new mongo.MongoServerError({ code: 11_000, codeName: 'DuplicateKey' }),
    new mongo.MongoServerError({ code: 10_107, codeName: 'NotWritablePrimary' }),
    new mongoose.Error('Operation `lockouts.findOneAndUpdate()` buffering timed out after 10000ms'),
    new TypeError('not even sent'),
    undefined,
  ];
  for (const error of REFUSED) {
    it(`says that the step was not carried out: ${String(error)}`, () => {
      expect(mayBeDone(error, mongo)).to.equal(false);
    });
  }
});

describeMongo('F10 A verdict that MongoDB', () => {
  const site = useProxiedDatabase();
  let store: MongoStore;

  beforeEach(async () => {
    store = site.database.storeThrough(site.proxy.uri);
    // Records that this process has seen are changed together.
    await settled(await taken('before'));
    await settled(await taken('again'));
  });

  it('refuses is not said to be unanswered', async () => {
    const [one] = await taken('a');
    site.proxy.refuse(STEP, () => ({ code: 13, codeName: 'Unauthorized' }));
    expect(await errorOf([one as SlotVerdict])).not.to.have.property('isUnanswered');
  });

  it('breaks off is said to be unanswered', async () => {
    const [one] = await taken('a');
    site.proxy.refuse(STEP, () => ({ code: 11_602, codeName: 'InterruptedDueToReplStateChange' }));
    expect(await errorOf([one as SlotVerdict])).to.have.property('isUnanswered', true);
  });

  it('answers as if it were another one is said to be unanswered', async () => {
    const [one] = await taken('a');
    site.proxy.doubleAnswerTo(STEP);
    const errors = [];
    for (let call = 0; call < 3; call += 1) errors.push(await errorOf([one as SlotVerdict]));
    const [error] = errors.filter((found) => found !== undefined);
    expect(error).to.be.instanceOf(OutOfStepError).and.have.property('isUnanswered', true);
  });

  it('has counted on all records by a command, and refuses for each, is said to be unanswered', async () => {
    const both = await taken('a');
    const isLost = site.proxy.loseAnswerTo(BOTH);
    site.proxy.refuse(STEP, () => ({ code: 13, codeName: 'Unauthorized' }));
    expect(await errorOf(both)).to.have.property('isUnanswered', true);
    await isLost;
    expect((await site.database.store().read(ALICE.key))?.failures).to.equal(1);
  });

  it('has counted on one record and refuses for another is said to be unanswered', async () => {
    // Too late to be settled by one command.
    const both = (await taken('a')).map((one) => ({ ...one, lease: { ...one.lease, until: 0 } }));
    site.proxy.refuse(STEP, (message) =>
      message.includes(BOB.key) ? { code: 13, codeName: 'Unauthorized' } : undefined,
    );
    expect(await errorOf(both)).to.have.property('isUnanswered', true);
  });

  async function taken(leaseId: string): Promise<readonly SlotVerdict[]> {
    const requests = [ALICE, BOB].map((subject) => ({ subject, policy: POLICY, leaseId }));
    const replies = await store.reserveAll(requests);
    return replies.map((reply, index) => {
      if (reply.outcome !== 'taken') throw new Error(`expected a slot, got ${reply.outcome}`);
      const subject = index === 0 ? ALICE : BOB;
      return { subject, policy: POLICY, lease: reply.lease, verdict: 'failure', marks: HOME };
    });
  }

  async function settled(verdicts: readonly SlotVerdict[]): Promise<void> {
    await store.settleAll(verdicts.map((one) => ({ ...one, verdict: 'release' })));
  }

  async function errorOf(verdicts: readonly SlotVerdict[]): Promise<unknown> {
    return store.settleAll(verdicts).then(
      () => undefined,
      (error: unknown) => error,
    );
  }
});
