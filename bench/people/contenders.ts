/** The rows of the tables, from above to below. */
import { library } from './library.js';
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

/** The library itself. */
const OURS: readonly Contender[] = [library('passport-lockout, without secret')];

export const CONTENDERS: readonly Contender[] = [...PEERS, ...OURS];
