import type { BadKind, Ending, Target } from './bad-caller.js';

const MIB = 1024 * 1024;

const http = (name: string, ending: Ending, bytes: BadKind['bytes']): BadKind => ({
  name,
  over: 'http',
  bytes,
  ending,
});
const tcp = (name: string, ending: Ending, bytes: BadKind['bytes']): BadKind => ({ name, over: 'tcp', bytes, ending });
const nothing = (): string => '';

/** What an honest caller would ask of this listener, as far as its address goes. */
function pathOn({ app, listener }: Target): string {
  if (listener === 'management') return '/readyz';
  if (app === 'token-service') return listener === 'mtls' ? '/token' : '/jwks';
  return app === 'resource-api' ? '/v1/shipments' : '/v1/partners';
}

function head(target: Target, method: string, ...fields: string[]): string {
  return [`${method} ${pathOn(target)} HTTP/1.1`, 'Host: localhost', ...fields, '', ''].join('\r\n');
}

const get =
  (...fields: string[]) =>
  (target: Target): string =>
    head(target, 'GET', ...fields);
const post =
  (body: string, ...fields: string[]) =>
  (target: Target): string =>
    head(target, 'POST', ...fields) + body;

const FORM = 'Content-Type: application/x-www-form-urlencoded';
const JSON_BODY = 'Content-Type: application/json';
const TOKEN_REQUEST = 'grant_type=client_credentials&client_id=cli_00000000000000000000000000000000';
const CLIENT_HELLO_BEGUN = Buffer.from('16030100f8010000f40303', 'hex');
const PROXY_HEADER = Buffer.from('0d0a0d0a000d0a515549540a2111000c0a0000017f000001303901bb', 'hex');
const LIST = Buffer.alloc(8 * MIB, 0x30);

/** A CRL as large as they may be, by somebody without a token that is worth anything. */
const upload =
  (...fields: string[]) =>
  (): Buffer =>
    Buffer.concat([
      Buffer.from(
        [
          `POST /v1/trust-anchors/anc_${'0'.repeat(32)}/crls HTTP/1.1`,
          'Host: localhost',
          'Content-Type: application/pkix-crl',
          `Content-Length: ${LIST.length}`,
          ...fields,
          '',
          '',
        ].join('\r\n'),
      ),
      LIST,
    ]);

const BEFORE_A_REQUEST: readonly BadKind[] = [
  tcp('a connection and nothing', 'stays', nothing),
  tcp('a connection that ends at once', 'half_closes', nothing),
  tcp('a connection that is reset', 'resets', nothing),
  tcp('half a ClientHello', 'stays', () => CLIENT_HELLO_BEGUN),
  tcp('a reset within the ClientHello', 'resets', () => CLIENT_HELLO_BEGUN),
  tcp('what is no handshake and no HTTP', 'stays', () => Buffer.alloc(512, 0xff)),
  tcp('HTTP, with TLS or without', 'goes_when_answered', get()),
  tcp('a PROXY header that nobody asked for', 'stays', () => PROXY_HEADER),
  http('a handshake and nothing', 'stays', nothing),
  http('a handshake and a reset', 'resets', nothing),
  { ...http('a stranger’s certificate and nothing', 'stays', nothing), stranger: true },
];

const NO_REQUEST: readonly BadKind[] = [
  http('half a request line', 'stays', () => 'GET /v1/par'),
  http('headers that stop', 'stays', (target) => head(target, 'GET', `X: ${'x'.repeat(15_000)}`).slice(0, -4)),
  http('a half-close within the headers', 'half_closes', (target) => head(target, 'GET').slice(0, -4)),
  http('no HTTP', 'stays', () => 'HELLO\r\n\r\n'),
  http('HTTP/2 without asking', 'stays', () => 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
  http('no Host', 'goes_when_answered', (target) => head(target, 'GET').replace('Host: localhost\r\n', '')),
  http('headers over 16 KiB', 'stays', get(`X: ${'x'.repeat(17_000)}`)),
  http('1,500 header fields', 'goes_when_answered', get(...Array.from({ length: 1_500 }, (_, n) => `a${n}: b`))),
  http('two lengths', 'stays', post('x', 'Content-Length: 1', 'Transfer-Encoding: chunked')),
  http('a tunnel', 'stays', () => 'CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n'),
  http('an expectation', 'goes_when_answered', get('Expect: 200-maybe')),
  http('a body in gzip', 'goes_when_answered', post('x', FORM, 'Content-Encoding: gzip', 'Content-Length: 1')),
  http('another transfer coding', 'stays', post('0\r\n\r\n', FORM, 'Transfer-Encoding: gzip, chunked')),
  http(
    'chunk extensions without end',
    'goes_when_answered',
    post(`1;${'x'.repeat(17_000)}`, FORM, 'Transfer-Encoding: chunked'),
  ),
];

const REQUESTS: readonly BadKind[] = [
  http('a URL that cannot be decoded', 'goes_when_answered', () => 'GET /%zz HTTP/1.1\r\nHost: localhost\r\n\r\n'),
  http('a body that stops', 'stays', post('{'.repeat(30_000), JSON_BODY, 'Content-Length: 60000')),
  http('a body with a reset in it', 'resets', post('{', JSON_BODY, 'Content-Length: 60000')),
  http('a list of 8 MiB without a token', 'goes_when_answered', upload()),
  http('a list of 8 MiB with a forged token', 'goes_when_answered', upload('Authorization: Bearer e30.e30.e30')),
  http('a forged token', 'goes_when_answered', get('Authorization: Bearer e30.e30.e30')),
  http(
    'a token request without a certificate',
    'goes_when_answered',
    post(TOKEN_REQUEST, FORM, `Content-Length: ${TOKEN_REQUEST.length}`),
  ),
  {
    ...http(
      'a stranger’s token request',
      'goes_when_answered',
      post(TOKEN_REQUEST, FORM, `Content-Length: ${TOKEN_REQUEST.length}`),
    ),
    stranger: true,
  },
  http('a request and a reset', 'resets', get()),
  http('a half-close with the request', 'half_closes', get()),
  http('fifty requests at once and no answer read', 'reads_nothing', (target) => get()(target).repeat(50)),
  http('nothing more after an answer', 'stays', get()),
];

/** Everything a caller can do that has nothing: none of it may leave anything. */
export const BAD_KINDS: readonly BadKind[] = [...BEFORE_A_REQUEST, ...NO_REQUEST, ...REQUESTS];
