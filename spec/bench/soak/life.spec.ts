import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { Life } from '../../../bench/soak/life.js';

describe('a worker of the soak', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'soak-'));
  });
  after(() => rm(folder, { recursive: true }));

  it('has an empty journal if it is killed before it writes a line', async () => {
    const journal = join(folder, 'w0.jsonl');
    const life = new Life({ worker: 'w0', journal, store: { kind: 'memory' }, seed: 1, clients: 1 }, () => {});
    await life.kill();

    expect(life.read()).to.deep.equal([]);
  });
});
