/** One thing the token service does for each request, and how a copy of the build is made to leave it out. */
export interface Check {
  readonly title: string;
  /** below the copy */
  readonly file: string;
  /** stands in the built `file` exactly once */
  readonly find: string;
  readonly replace: string;
}

const SERVICE = 'apps/token-service/dist';
const AUTHENTICATION = `${SERVICE}/clients/authentication`;
const POLICY = `${SERVICE}/clients/certificate-policy/registered-only.js`;
const ISSUE = `${SERVICE}/token/issue-token.js`;
const EVENTS = `${SERVICE}/authentication-events/authentication-events.js`;
const LOGGER = 'libs/platform/dist/logging/create-logger.js';

export const CHECKS: readonly Check[] = [
  { title: 'nothing: the noise', file: ISSUE, find: '/** The use case behind', replace: '/** The use case  behind' },
  {
    title: 'the certificate is registered for the client',
    file: POLICY,
    find: 'find(({ thumbprint }) => thumbprint === evidence.thumbprint)',
    replace: 'at(0)',
  },
  {
    title: 'certificate, path and retirement dates',
    file: POLICY,
    find: 'assertWithinDates(judgesPath ? window : { ...window, pathValidUntil: null }, now)',
    replace: 'window.notAfter',
  },
  {
    title: 'the registered subject',
    file: `${AUTHENTICATION}/authenticate-client.js`,
    find: 'await METHODS[method](client, credentials, now, needs);',
    replace: '',
  },
  {
    title: 'client and partner are active',
    file: `${AUTHENTICATION}/authenticate-client.js`,
    find: '    assertUsable(client);',
    replace: '',
  },
  {
    title: 'rate of the client',
    file: `${AUTHENTICATION}/authenticate-caller.js`,
    find: 'this.limits.proved(attempt.caller, clientId);',
    replace: '',
  },
  {
    title: 'rate of the address',
    file: `${SERVICE}/oauth-endpoints/admit-requests.js`,
    find: 'limits.arrive(address, certificateOf(request, source))',
    replace: '{ certificate: undefined, chargedTo: undefined, proven: false, inProgress: false }',
  },
  {
    title: 'revocations are as new as the registration',
    file: ISSUE,
    find: 'await this.readAfter.of(authenticated.client);',
    replace: '',
  },
  {
    title: 'dated past every cutoff',
    file: ISSUE,
    find: 'issuedAt(token, this.feed.find, now)',
    replace: 'claims.iat',
  },
  {
    title: 'the clock agrees with Postgres',
    file: ISSUE,
    find: 'this.feed.assertClockAgrees();',
    replace: '',
  },
  {
    title: 'no certificate header',
    file: 'libs/mtls-binding/dist/certificate-source/tls-socket.js',
    find: 'assertNoCertificateHeader(request.rawHeaders);',
    replace: '',
  },
  {
    title: 'the answer has what its schema has, and no more',
    file: `${SERVICE}/token/token-response.js`,
    find: 'tokenResponseSchema.parse(answer)',
    replace: 'answer',
  },
  {
    title: 'security headers',
    file: 'libs/platform/dist/serve/security-headers.js',
    find: '        setSecurityHeaders(request, reply);',
    replace: '',
  },
  {
    title: 'the event is stored',
    file: EVENTS,
    find: 'queue.push(event);',
    replace: 'queue.release(); return;',
  },
  {
    title: 'secrets by name, out of the log',
    file: LOGGER,
    find: ', log: withoutSecretNames',
    replace: '',
  },
  {
    title: 'secrets by shape, out of the log',
    file: LOGGER,
    find: 'hooks: { streamWrite: withoutSecretShapes },',
    replace: '',
  },
  {
    title: 'both log lines',
    file: LOGGER,
    find: 'level: options.level,',
    replace: "level: 'silent',",
  },
];
