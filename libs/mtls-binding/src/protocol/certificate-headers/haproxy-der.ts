import type { CertificateHeader } from './certificate-header.js';
import { customHeaderName } from './custom-header-name.js';
import { derFromBase64 } from './der-from-base64.js';

/**
 * HAProxy's `%[ssl_c_der,base64]` under a name of your own. HAProxy can write `:%[ssl_c_der,base64]:` as well, and then
 * `clientCert()` reads it: prefer that.
 * @throws TypeError when the name is no field name, or has an underscore
 */
export function haproxyDer({ name }: { name: string }): CertificateHeader {
  return {
    name: customHeaderName('haproxyDer', name),
    companions: [],
    decode: derFromBase64,
    encode: (der) => der.toString('base64'),
  };
}
