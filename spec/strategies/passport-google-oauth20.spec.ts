import Strategy from 'passport-google-oauth20';
import { type Done, request, USER, type Verify } from '../support/differential.js';
import { describeRedirectFlow } from '../support/locking.js';
import { callback, describeOAuth2, PROVIDER, withProvider } from '../support/oauth2-provider.js';

const create = (options: object, verify: Verify) => withProvider(new Strategy({ ...PROVIDER, ...options }, verify));

describeOAuth2('passport-google-oauth20', create);

describeRedirectFlow('passport-google-oauth20', {
  create: (accept) => create({}, (_a, _r, _p, done) => (done as Done)(null, accept() && USER)),
  start: () => request(),
  callback,
});
