/** The rows of the tables, from above to below. */
import { presets } from '../../lib/index.js';
import { library, SECRET } from './library.js';
import { AUTH0_LIKE } from './peers/auth0.js';
import { DJANGO_AXES } from './peers/django-axes.js';
import { DJANGO_DEFENDER } from './peers/django-defender.js';
import { ENTRA_LIKE } from './peers/entra.js';
import { KEYCLOAK } from './peers/keycloak.js';
import { OWASP_DEVICE_COOKIES } from './peers/owasp.js';
import { RATE_LIMITER_FLEXIBLE } from './peers/rate-limiter-flexible.js';
import { STOP_GUESSING } from './peers/stop-guessing.js';
import type { Contender } from './policy.js';

/** Small models of what is published, one login at a time. */
const PEERS: readonly Contender[] = [
  DJANGO_AXES,
  DJANGO_DEFENDER,
  KEYCLOAK,
  AUTH0_LIKE,
  RATE_LIMITER_FLEXIBLE,
  ENTRA_LIKE,
  OWASP_DEVICE_COOKIES,
  STOP_GUESSING,
];

/** Half of the accounts, and that of the year. */
const isEven = (username: string) => Number(username.slice('user'.length)) % 2 === 0;

/** The library itself. */
const OURS: readonly Contender[] = [
  library('passport-lockout, without secret'),
  library('passport-lockout', { options: { secret: SECRET } }),
  library('passport-lockout, presets.nist', { options: { ...presets.nist, secret: SECRET } }),
  library('passport-lockout, middleware()', { options: { secret: SECRET }, hasMiddleware: true }),
  library('passport-lockout, a fifth of the cookies lost', {
    options: { secret: SECRET },
    settings: { lostCookies: 0.2 },
  }),
  library('passport-lockout, second factors', { options: { secret: SECRET }, needsCode: isEven }),
  library('passport-lockout, first day of secret', {
    options: { secret: SECRET },
    settings: { lostCookies: 1 },
    scenarios: ['0', 'A', 'B', 'C', 'D'],
  }),
];

export const CONTENDERS: readonly Contender[] = [...PEERS, ...OURS];
