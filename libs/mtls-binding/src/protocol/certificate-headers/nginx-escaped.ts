import type { CertificateHeader } from './certificate-header.js';
import { customHeaderName } from './custom-header-name.js';
import { dersFromPem, pemOf } from './ders-from-pem.js';
import { malformedHeader } from './malformed-header.js';
import { percentDecoded, percentEncoded } from './percent-decoded.js';

/**
 * nginx' `$ssl_client_escaped_cert` under a name of your own: the leaf as percent-encoded PEM. Never `$ssl_client_cert`,
 * which folds lines, and never `$ssl_client_raw_cert`.
 * @throws TypeError when the name is no field name, or has an underscore
 */
export function nginxEscaped({ name }: { name: string }): CertificateHeader {
  return {
    name: customHeaderName('nginxEscaped', name),
    companions: [],
    decode: onlyDer,
    encode: (der) => percentEncoded(pemOf(der)),
  };
}

function onlyDer(value: string): Buffer {
  const [leaf, ...others] = dersFromPem(percentDecoded(value));
  if (others.length > 0) throw malformedHeader('holds several certificates where nginx writes one');
  return leaf;
}
