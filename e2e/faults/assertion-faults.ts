import type { Fault } from './fault.js';

const CLIENTS = 'apps/token-service/src/clients';
const ASSERTION_CLAIMS = `${CLIENTS}/assertions/assertion-claims.ts`;
const ASSERTION_HEADER = `${CLIENTS}/assertions/assertion-header.ts`;
const ASSERTION_SPEC = `${CLIENTS}/assertions/verify-assertion.spec.ts`;
const AUTHENTICATE_SPEC = `${CLIENTS}/authentication/authenticate-client.spec.ts`;
const HTTP_CLIENT = 'libs/platform/src/http-client';
const BOUNDED_GET_SPEC = `${HTTP_CLIENT}/bounded-get.spec.ts`;
const KEYS = `${CLIENTS}/partner-keys`;
const ALONE_SPEC = `${CLIENTS}/authentication/assertion-alone.spec.ts`;
const READER = 'libs/x509/src/key-set';
const READER_SPEC = `${READER}/read-key-set.spec.ts`;

/** Assertions, and the keys they are signed with. */
export const ASSERTION_FAULTS: readonly Fault[] = [
  {
    rule: 'A6',
    then: 'takes an assertion for another server',
    file: ASSERTION_CLAIMS,
    find: 'hold(aud === issuer,',
    replace: 'hold(aud !== undefined,',
    spec: ASSERTION_SPEC,
  },
  {
    rule: 'A6',
    then: 'takes an assertion for a list of servers',
    file: ASSERTION_CLAIMS,
    find: 'hold(aud === issuer,',
    replace: 'hold([aud].flat().includes(issuer),',
    spec: ASSERTION_SPEC,
  },
  {
    rule: 'A6',
    then: 'takes an assertion of another client',
    file: ASSERTION_CLAIMS,
    find: 'hold(sub === clientId,',
    replace: "hold(sub !== '',",
    spec: ASSERTION_SPEC,
  },
  {
    rule: 'A6',
    then: 'takes an assertion that lives for a day',
    file: ASSERTION_CLAIMS,
    find: 'const LONGEST_LIFETIME = 300;',
    replace: 'const LONGEST_LIFETIME = 86_400;',
    spec: ASSERTION_SPEC,
  },
  {
    rule: 'A7',
    then: 'takes an assertion twice',
    file: `${CLIENTS}/assertions/used-assertions.repository.ts`,
    find: 'return inserted.length === 1;',
    replace: 'return inserted.length <= 1;',
    spec: `${CLIENTS}/assertions/used-assertions.spec.ts`,
  },
  {
    rule: 'A7',
    then: 'does not ask whether an assertion was used',
    file: `${CLIENTS}/authentication/private-key-jwt.ts`,
    find: 'if (!(await useOnce(clientId, verified))) {',
    replace: 'if ((await useOnce(clientId, verified)) === undefined) {',
    spec: AUTHENTICATE_SPEC,
  },
  {
    rule: 'A7',
    then: 'takes an assertion an hour before its time',
    file: ASSERTION_CLAIMS,
    find: 'export const CLOCK_SKEW_SECONDS = 60;',
    replace: 'export const CLOCK_SKEW_SECONDS = 3_600;',
    spec: ASSERTION_SPEC,
  },
  {
    rule: 'A7',
    then: 'refuses a clock that is 10 s ahead',
    file: ASSERTION_CLAIMS,
    find: 'export const CLOCK_SKEW_SECONDS = 60;',
    replace: 'export const CLOCK_SKEW_SECONDS = 5;',
    spec: ASSERTION_SPEC,
  },
  {
    rule: 'A10',
    then: 'demands a client_id beside an assertion',
    file: `${CLIENTS}/authentication/claimed-client-id.ts`,
    find: 'return clientId === undefined && typeof assertion',
    replace: 'return clientId !== undefined && typeof assertion',
    spec: ALONE_SPEC,
  },
  {
    rule: 'A41',
    then: 'believes an assertion where no certificate is asked for',
    file: `${CLIENTS}/authentication/authenticate-client.ts`,
    find: '  await privateKeyJwt(client, assertion, now, needs);\n',
    replace: '',
    spec: ALONE_SPEC,
  },
  {
    rule: 'A42',
    then: 'reads a published private key as a public one',
    file: `${READER}/client-key.ts`,
    find: "if (isPrivateJwk(member)) return 'holds a private key';",
    replace: '',
    spec: READER_SPEC,
  },
  {
    rule: 'A42',
    then: 'signs with a key that is for encryption',
    file: `${READER}/client-key.ts`,
    find: "if (use !== undefined && use !== 'sig') return",
    replace: "if (use === 'none') return",
    spec: READER_SPEC,
  },
  {
    rule: 'A13',
    then: 'takes a self-signed certificate that is not in the key set',
    file: `${KEYS}/partner-key-set.ts`,
    find: 'certificate?.thumbprint === thumbprint',
    replace: 'certificate?.thumbprint !== undefined && thumbprint',
    spec: AUTHENTICATE_SPEC,
  },
  {
    rule: 'A13',
    then: "takes another partner's certificate out of the client's key set",
    file: `${CLIENTS}/authentication/self-signed-tls-client-auth.ts`,
    find: '  assertOwnKey(client, certificate.keySha256, await ownerOf(certificate.keySha256));',
    replace: '',
    spec: AUTHENTICATE_SPEC,
  },
  {
    rule: 'A19',
    then: 'takes assertions signed with RS256',
    file: ASSERTION_HEADER,
    find: "['ES256', 'PS256', 'EdDSA', 'Ed25519'] as const;",
    replace: "['ES256', 'PS256', 'EdDSA', 'Ed25519', 'RS256'] as const;",
    spec: ASSERTION_SPEC,
  },
  {
    rule: 'A21',
    then: 'fetches keys from inside the network',
    file: `${HTTP_CLIENT}/permitted-networks.ts`,
    find: "|| !SPECIAL.ipv4.check(address, 'ipv4')",
    replace: "|| address !== ''",
    spec: `${HTTP_CLIENT}/permitted-networks.spec.ts`,
  },
  {
    rule: 'A21',
    then: 'fetches keys from wherever a name leads',
    file: `${HTTP_CLIENT}/bounded-get.ts`,
    find: 'if (forbidden) throw',
    replace: 'if (forbidden && host === forbidden.address) throw',
    spec: BOUNDED_GET_SPEC,
  },
  {
    rule: 'A21',
    then: 'reads an answer without end',
    file: `${HTTP_CLIENT}/bounded-answer.ts`,
    find: 'if (size > maxBytes) throw tooLarge(maxBytes);',
    replace: '',
    spec: BOUNDED_GET_SPEC,
  },
  {
    rule: 'A21',
    then: 'waits for an answer for ever',
    file: `${HTTP_CLIENT}/bounded-get.ts`,
    find: "ended.abort(new DOMException(`${timeoutMs} ms are over`, 'TimeoutError'))",
    replace: 'undefined',
    spec: BOUNDED_GET_SPEC,
  },
  {
    rule: 'A21',
    then: 'believes a server that has not proven its name',
    file: `${HTTP_CLIENT}/bounded-answer.ts`,
    find: 'rejectUnauthorized: true,',
    replace: 'rejectUnauthorized: false,',
    spec: BOUNDED_GET_SPEC,
  },
  {
    rule: 'A21',
    then: 'follows an address in the header of an assertion',
    file: ASSERTION_HEADER,
    find: "const REFUSED = ['jwk', 'jku', 'x5u', 'crit'];",
    replace: "const REFUSED = ['crit'];",
    spec: ASSERTION_SPEC,
  },
];
