/** Headers and cookies that browsers, proxies and tracers send with any request, and no strategy takes for a secret. */

const words = (text: string): readonly string[] => text.trim().split(/\s+/);

/** Tokens against cross-site requests are included: anyone who loads a form gets one. */
const OF_CLIENTS = words(`
  :authority :method :path :protocol :scheme accept alt-used cache-control connection cookie device-memory dnt downlink dpr
  early-data ect expect host http2-settings keep-alive max-forwards origin pragma priority proxy-connection purpose range
  referer rtt save-data sec-websocket-key te trailer transfer-encoding upgrade upgrade-insecure-requests user-agent
  viewport-width width x-moz x-purpose x-requested-with
  csrf-token x-csrf-token x-xsrf-token xsrf-token
`);
/** Headers of proxies. Not every header with these prefixes is one: `x-forwarded-access-token` is a login. */
const OF_PROXIES = words(`
  forwarded via x-forwarded x-forwarded-by x-forwarded-client-cert x-forwarded-for x-forwarded-host x-forwarded-method
  x-forwarded-path x-forwarded-port x-forwarded-prefix x-forwarded-proto x-forwarded-protocol x-forwarded-scheme
  x-forwarded-server x-forwarded-ssl x-forwarded-tlsversion x-forwarded-uri x-original-forwarded-for x-original-host
  x-original-proto x-original-uri x-original-url x-host x-scheme x-url-scheme front-end-https
  client-ip true-client-ip x-client-ip x-client-port x-cluster-client-ip x-proxyuser-ip x-real-ip
  correlation-id request-id rndr-id x-correlation-id x-nginx-proxy x-queue-start x-request-id x-request-start x-varnish
  cdn-loop cf-connecting-ip cf-connecting-ipv6 cf-ew-via cf-ipcity cf-ipcontinent cf-ipcountry cf-iplatitude cf-iplongitude
  cf-postal-code cf-pseudo-ipv4 cf-ray cf-region cf-request-id cf-timezone cf-visitor cf-worker
  x-amz-cf-id x-amzn-requestid x-amzn-trace-id
  disguised-host was-default-hostname x-appservice-proto x-arr-log-id x-arr-ssl x-site-deployment-id x-waws-unencoded-url
`);
/** W3C Trace Context and its predecessors. */
const OF_TRACERS = words(`
  b3 baggage elastic-apm-traceparent grpc-trace-bin newrelic sentry-trace traceparent tracestate uber-trace-id
  x-cloud-trace-context x-dynatrace x-ms-request-id x-ot-span-context
`);
const HEADERS: ReadonlySet<string> = new Set([...OF_CLIENTS, ...OF_PROXIES, ...OF_TRACERS]);

/** Too many to list; headers that sound like a secret are excepted. */
const FAMILIES = words(`
  accept content if sec
  akamai cf-warp cloudfront fastly fly incap x-akamai x-appengine x-azure x-envoy x-fastly x-nf x-railway x-render x-sucuri
  x-vercel
  ot-tracer x-b3 x-datadog x-instana x-newrelic
`);
const OF_FAMILY = new RegExp(`^(?:${FAMILIES.join('|')})-`);
const SECRETIVE = /token|secret|auth|jwt|oidc|key|pass|credential|principal|assertion|signature|cert|protocol/;

/** @param name - in lower case, as in Node */
export function isEverydayHeader(name: string): boolean {
  return HEADERS.has(name) || (OF_FAMILY.test(name) && !SECRETIVE.test(name));
}

/** None of these cookies has a longer name. */
const MAX_COOKIE_CHARS = 128;
const HOST_PREFIX = /^__(?:host|secure)-/;
/** Session cookies: a server-generated id is too long to be guessed. */
const OF_SESSION = /sess|sid(?:\.sig)?$/;
/** Analytics, user preferences, load balancers and CSRF protection. */
const COOKIES: ReadonlySet<string> = new Set(
  words(`
  _clck _clsk _fbc _fbp _gid hubspotutk
  country currency lang language locale theme timezone tz usprivacy
  _abck _cfuvid ak_bmsc cf_clearance datadome gclb serverid
  _csrf csrf csrftoken csrf-token _csrf_token _xsrf xsrf-token
  lockout_device
`),
);
const COOKIE_BEGINNINGS = words(`
  _dc_gtm _ga _gac _gat _gcl _hj _matomo _pk_ _scid _tt_ _ttp _uet _vis_opt _vwo __hs __utm ajs_ amp_ amplitude intercom- mp_ mtm_
  optimizely
  cookiebot cookieconsent cookie_consent cookielawinfo euconsent eupubconsent i18n optanon
  __cf arraffinity awsalb awselb bigipserver bm_s incap_ nlbi_ visid_incap
`);
const IS_BEGUN = new RegExp(`^(?:${COOKIE_BEGINNINGS.join('|')})`);
const SECRETIVE_COOKIE = /token|secret|auth|jwt|key|pass|pin$|otp|code|remember/;

/** Whether a cookie of this name is sent with any page. */
export function isEverydayCookie(given: string): boolean {
  if (given.length > MAX_COOKIE_CHARS) return false;
  const name = given.toLowerCase().replace(HOST_PREFIX, '');
  return COOKIES.has(name) || ((IS_BEGUN.test(name) || OF_SESSION.test(name)) && !SECRETIVE_COOKIE.test(name));
}
