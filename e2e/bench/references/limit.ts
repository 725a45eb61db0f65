import { createHash, generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { TLSSocket } from 'node:tls';
import { answerLauncher } from './answer-launcher.js';
import { derToJose } from './der-to-jose.js';
import { listenTls, type ServerPem } from './tls-server.js';

/** What `limit` is to be. */
export interface LimitSettings {
  readonly kind: 'limit';
  readonly signing: 'in place' | 'thread pool';
  readonly encoding: 'ieee-p1363' | 'der';
  readonly server: ServerPem;
}

// The least any issuer on Node can do: it reads a request, binds a token to the certificate of the connection, signs it with
// `node:crypto` and answers. It checks nothing, knows no client and records nothing.

const LIFETIME_SECONDS = 300;
const thumbprints = new WeakMap<object, string>();
const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const HEADER = encode({ alg: 'ES256', typ: 'at+jwt', kid: randomBytes(32).toString('base64url') });

type Sign = (text: string, done: (signature: Buffer) => void) => void;

function signingOf({ signing, encoding }: LimitSettings): Sign {
  const raw = encoding === 'ieee-p1363';
  const key = { key: privateKey as KeyObject, dsaEncoding: encoding };
  const finish = (signature: Buffer): Buffer => (raw ? signature : derToJose(signature));
  if (signing === 'in place') return (text, done) => done(finish(sign('sha256', Buffer.from(text), key)));
  return (text, done) =>
    sign('sha256', Buffer.from(text), key, (error, signature) => {
      if (error) throw error;
      done(finish(signature));
    });
}

function answerWith(signText: Sign): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => {
    request.resume();
    request.once('end', () => {
      const text = `${HEADER}.${encode(claimsFor(request.socket as TLSSocket))}`;
      signText(text, (signature) => {
        const token = `${text}.${signature.toString('base64url')}`;
        const body = JSON.stringify({ access_token: token, token_type: 'Bearer', expires_in: LIFETIME_SECONDS });
        response.setHeader('content-type', 'application/json');
        response.setHeader('content-length', body.length);
        response.end(body);
      });
    });
  };
}

function claimsFor(socket: TLSSocket): object {
  const iat = Math.floor(Date.now() / 1_000);
  return {
    iss: 'https://issuer.test',
    sub: 'cli_00000000000000000000000000000000',
    aud: 'https://api.test',
    iat,
    exp: iat + LIFETIME_SECONDS,
    jti: randomBytes(20).toString('base64url'),
    client_id: 'cli_00000000000000000000000000000000',
    partner_id: 'ptn_00000000000000000000000000000000',
    scope: 'shipments:read shipments:write',
    cnf: { 'x5t#S256': thumbprintOf(socket) },
  };
}

function thumbprintOf(socket: TLSSocket): string {
  const known = thumbprints.get(socket);
  if (known !== undefined) return known;
  const thumbprint = createHash('sha256').update(socket.getPeerCertificate().raw).digest('base64url');
  thumbprints.set(socket, thumbprint);
  return thumbprint;
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

answerLauncher((settings: LimitSettings) => listenTls(settings.server, answerWith(signingOf(settings))));
