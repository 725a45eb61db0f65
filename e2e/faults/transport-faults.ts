import type { Fault } from './fault.js';

const TLS_OPTIONS = 'libs/platform/src/serve/tls-options.ts';
const TLS_SPEC = 'libs/platform/src/serve/tls.spec.ts';
const TOKEN_SERVICE_SPEC = 'apps/token-service/src/token-service.spec.ts';
const METADATA = 'apps/token-service/src/metadata/authorization-server-metadata.ts';

export const TRANSPORT_FAULTS: readonly Fault[] = [
  {
    rule: 'T1',
    then: 'speaks TLS 1.0 and 1.1',
    file: TLS_OPTIONS,
    find: "minVersion: 'TLSv1.2', // T1",
    replace: "minVersion: 'TLSv1',",
    spec: TLS_SPEC,
  },
  {
    rule: 'T1',
    then: 'speaks no TLS 1.3',
    file: TLS_OPTIONS,
    find: "maxVersion: 'TLSv1.3',",
    replace: "maxVersion: 'TLSv1.2',",
    spec: TLS_SPEC,
  },
  {
    rule: 'T2',
    then: 'offers what Node offers',
    file: TLS_OPTIONS,
    find: "ciphers: [...TLS_1_3, ...TLS_1_2].join(':'),",
    replace: '',
    spec: TLS_SPEC,
  },
  {
    rule: 'T2',
    then: 'offers one suite too many',
    file: TLS_OPTIONS,
    find: "'ECDHE-RSA-AES256-GCM-SHA384',",
    replace: "'ECDHE-RSA-AES256-GCM-SHA384', 'ECDHE-ECDSA-CHACHA20-POLY1305',",
    spec: TLS_SPEC,
  },
  {
    rule: 'T3',
    then: 'resumes sessions by ticket',
    file: TLS_OPTIONS,
    find: 'constants.SSL_OP_NO_TICKET | constants.SSL_OP_NO_RENEGOTIATION',
    replace: 'constants.SSL_OP_NO_RENEGOTIATION',
    spec: TLS_SPEC,
  },
  {
    rule: 'T3',
    then: 'resumes sessions by id',
    file: 'libs/platform/src/serve/http-listener.ts',
    find: "this.server.on('connection',",
    replace:
      "const kept = new Map(); this.server.on('newSession', (id, data, done) => { kept.set(id.toString('hex'), data); done(); }).on('resumeSession', (id, done) => done(null, kept.get(id.toString('hex')) ?? null)).on('connection',",
    spec: TLS_SPEC,
  },
  {
    rule: 'T3',
    then: 'renegotiates where a certificate is asked for',
    file: TLS_OPTIONS,
    find: 'constants.SSL_OP_NO_TICKET | constants.SSL_OP_NO_RENEGOTIATION',
    replace: 'constants.SSL_OP_NO_TICKET',
    spec: TLS_SPEC,
  },
  {
    rule: 'T3',
    then: 'renegotiates where none is asked for',
    file: TLS_OPTIONS,
    find: 'requestCert: false, secureOptions: constants.SSL_OP_NO_RENEGOTIATION',
    replace: 'requestCert: false',
    spec: TLS_SPEC,
  },
  {
    rule: 'T4',
    then: 'believes any server when the environment says so',
    file: 'libs/platform/src/trusted-fetch/trusted-fetch.ts',
    find: 'rejectUnauthorized: true, ',
    replace: '',
    spec: 'libs/platform/src/trusted-fetch/trusted-fetch.spec.ts',
  },
  {
    rule: 'T4',
    then: 'believes a certificate for another name',
    file: 'libs/platform/src/trusted-fetch/trusted-fetch.ts',
    find: 'rejectUnauthorized: true, ',
    replace: 'rejectUnauthorized: true, checkServerIdentity: () => undefined, ',
    spec: 'libs/platform/src/trusted-fetch/trusted-fetch.spec.ts',
  },
  {
    rule: 'T5',
    then: 'publishes the listener that asks for no certificate',
    file: METADATA,
    find: 'mtls_endpoint_aliases: identity.aliases',
    replace: 'mtls_endpoint_aliases: { ...identity.aliases, token_endpoint: `${identity.issuer}/token` }',
    spec: TOKEN_SERVICE_SPEC,
  },
];
