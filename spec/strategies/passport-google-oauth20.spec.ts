import Strategy from 'passport-google-oauth20';
import { callback, describeOAuth2, PROVIDER, withProvider } from '../support/servers/oauth2-provider.js';
import { type Done, request, USER, type Verify } from '../support/sites/differential.js';
import { describeRedirectFlow } from '../support/sites/locking.js';

const create = (options: object, verify: Verify) => withProvider(new Strategy({ ...PROVIDER, ...options }, verify));

describeOAuth2('passport-google-oauth20', create);

describeRedirectFlow('passport-google-oauth20', {
  create: (accept) => create({}, (_a, _r, _p, done) => (done as Done)(null, accept() && USER)),
  start: () => request(),
  callback,
});
