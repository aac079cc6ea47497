/** A primary process of node:cluster whose one worker prints the codes that a lockout finds. */
import cluster from 'node:cluster';
import { Lockout } from '../../../lib/index.js';
import { SECRET } from '../fixtures/secret.js';

if (cluster.isPrimary) {
  cluster.fork().once('exit', (code) => process.exit(code ?? 1));
} else {
  const findings = await new Lockout({ secret: SECRET }).check();
  console.log(JSON.stringify(findings.map(({ code }) => code)));
  // A worker ends as soon as it is disconnected; the warnings of the start come in a later turn.
  setImmediate(() => process.disconnect());
}
