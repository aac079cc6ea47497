/** A SAML 2.0 identity provider with a key of its own: signs assertions, and messages of the Redirect binding. */
import { createSign, generateKeyPairSync } from 'node:crypto';
import { deflateRawSync } from 'node:zlib';
import { SignedXml } from 'xml-crypto';
import { type Request, request } from '../sites/differential.js';

const { privateKey, publicKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
});

/** What the strategy checks signatures with. */
export const PROVIDER_KEY = publicKey;
export const ISSUER = 'https://provider.example.org';

const NAMESPACES = 'xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns="urn:oasis:names:tc:SAML:2.0:assertion"';
const RSA_SHA256 = 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256';
const EXCLUSIVE_C14N = 'http://www.w3.org/2001/10/xml-exc-c14n#';

interface ResponseParts {
  readonly audience?: string;
  readonly expiresAt?: string;
  /** Changes the assertion once it is signed. */
  readonly tamper?: (xml: string) => string;
}

/** The POST binding: a response with a signed assertion. */
export function postedResponse({ audience = 'app', expiresAt, tamper = (xml) => xml }: ResponseParts = {}): Request {
  const until = expiresAt ?? '2999-01-01T00:00:00Z';
  const assertion = `<Assertion ${NAMESPACES} ID="_a" IssueInstant="2026-01-01T00:00:00Z" Version="2.0"><Issuer>${ISSUER}</Issuer><Subject><NameID>alice</NameID></Subject><Conditions NotBefore="2020-01-01T00:00:00Z" NotOnOrAfter="${until}"><AudienceRestriction><Audience>${audience}</Audience></AudienceRestriction></Conditions></Assertion>`;
  const response = `<samlp:Response ${NAMESPACES} ID="_r" Version="2.0"><Issuer>${ISSUER}</Issuer>${signed(assertion)}</samlp:Response>`;
  return request({ body: { SAMLResponse: Buffer.from(tamper(response)).toString('base64') } });
}

/** Signing takes longer than all that the strategy does; the same assertion has the same signature. */
const signatures = new Map<string, string>();

function signed(assertion: string): string {
  const known = signatures.get(assertion) ?? sign(assertion);
  signatures.set(assertion, known);
  return known;
}

function sign(assertion: string): string {
  const signature = new SignedXml({
    privateKey,
    signatureAlgorithm: RSA_SHA256,
    canonicalizationAlgorithm: EXCLUSIVE_C14N,
  });
  signature.addReference({
    xpath: "//*[local-name(.)='Assertion']",
    digestAlgorithm: 'http://www.w3.org/2001/04/xmlenc#sha256',
    transforms: ['http://www.w3.org/2000/09/xmldsig#enveloped-signature', EXCLUSIVE_C14N],
  });
  signature.computeSignature(assertion, {
    location: { reference: "//*[local-name(.)='Issuer']", action: 'after' },
  });
  return signature.getSignedXml();
}

type MessageName = 'SAMLRequest' | 'SAMLResponse';

/** The Redirect binding, which carries logouts: the query is signed. */
function redirected(name: MessageName, xml: string, isForged: boolean): Request {
  const message = encodeURIComponent(deflateRawSync(xml).toString('base64'));
  const query = `${name}=${message}&SigAlg=${encodeURIComponent(RSA_SHA256)}`;
  const signature = createSign('sha256')
    .update(isForged ? 'another query' : query)
    .sign(privateKey, 'base64');
  const url = `/?${query}&Signature=${encodeURIComponent(signature)}`;
  return request({
    url,
    query: Object.fromEntries(new URL(url, ISSUER).searchParams),
    logout: (done: () => void) => done(),
  });
}

export function logoutRequest({ isForged = false }: { readonly isForged?: boolean } = {}): Request {
  const xml = `<samlp:LogoutRequest ${NAMESPACES} ID="_l" IssueInstant="2026-01-01T00:00:00Z" Version="2.0"><Issuer>${ISSUER}</Issuer><NameID>alice</NameID></samlp:LogoutRequest>`;
  return redirected('SAMLRequest', xml, isForged);
}

export function logoutResponse({ isForged = false }: { readonly isForged?: boolean } = {}): Request {
  const status = '<samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>';
  const xml = `<samlp:LogoutResponse ${NAMESPACES} ID="_l" IssueInstant="2026-01-01T00:00:00Z" Version="2.0"><Issuer>${ISSUER}</Issuer>${status}</samlp:LogoutResponse>`;
  return redirected('SAMLResponse', xml, isForged);
}
