import { constants } from 'node:crypto';
import type { ServerOptions } from 'node:https';

// T2: what TLS 1.2 may use is exactly this; Node's default list offers CBC and more.
const TLS_1_2 = [
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
];
const TLS_1_3 = ['TLS_AES_128_GCM_SHA256', 'TLS_AES_256_GCM_SHA384', 'TLS_CHACHA20_POLY1305_SHA256'];

const COMMON = {
  minVersion: 'TLSv1.2', // T1
  maxVersion: 'TLSv1.3',
  ciphers: [...TLS_1_3, ...TLS_1_2].join(':'),
  honorCipherOrder: true,
  handshakeTimeout: 10_000,
} satisfies ServerOptions;

/** The TLS side of a listener, T1 to T3. */
export function tlsOptions(
  credentials: { cert: string; key: string },
  requestClientCertificate: boolean,
): ServerOptions {
  const { cert, key } = credentials;
  if (!requestClientCertificate) {
    return { ...COMMON, cert, key, requestCert: false, secureOptions: constants.SSL_OP_NO_RENEGOTIATION };
  }
  return {
    ...COMMON,
    cert,
    key,
    requestCert: true,
    // Every handshake completes: the app judges, and can tell a refused caller why.
    rejectUnauthorized: false,
    // No names of acceptable authorities: clients send what they have, and nobody learns whom we trust.
    ca: [],
    // T3: no tickets and no renegotiation; without session listeners Node keeps no session either.
    secureOptions: constants.SSL_OP_NO_TICKET | constants.SSL_OP_NO_RENEGOTIATION,
  };
}
