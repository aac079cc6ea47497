import { expect } from 'chai';
import { parseInfo } from '../../../lib/stores/redis/health/info.js';
import { restartTroubles } from '../../../lib/stores/redis/health/troubles.js';

const GUARDED = 'connected_slaves:1\nmin_slaves_good_slaves:1\n';

describe('A Redis server with min-replicas-to-write', () => {
  const messages = (info: string) => restartTroubles(parseInfo(info), true).map(({ message }) => message);

  it('is told of before version 7, where scripts write without replicas', () => {
    expect(messages(`redis_version:6.2.21\n${GUARDED}`)).to.have.length(1);
    expect(messages(`redis_version:6.2.21\n${GUARDED}`)[0]).to.include(
      'before version 7 Redis does not apply it to scripts',
    );
    // Even while no replica is there.
    expect(messages('redis_version:6.2.21\nconnected_slaves:0\nmin_slaves_good_slaves:0\n')).to.have.length(1);
  });

  it('is not told of from version 7 on, nor where it says nothing of its version', () => {
    for (const version of ['redis_version:7.0.15\n', 'redis_version:7.2.4\nvalkey_version:9.1.2\n', '']) {
      expect(messages(`${version}${GUARDED}`), version).to.deep.equal([]);
    }
  });
});
