import type { Issued } from '@partner-ecosystem/test-pki';

/** The ways proxies write a certificate into a header, each under the names and spellings in which a server might read it. */
export function forgedHeaders({
  der,
  certificatePem,
}: Pick<Issued, 'der' | 'certificatePem'>): Record<string, string>[] {
  const structured = `:${der.toString('base64')}:`;
  const escaped = encodeURIComponent(certificatePem);
  const base64 = der.toString('base64');
  const bare = certificatePem.replace(/-----(BEGIN|END) CERTIFICATE-----|\n/g, '');
  return [
    { 'Client-Cert': structured },
    { client_cert: structured },
    { 'X-SSL-Client-Cert': escaped },
    { 'x-ssl-client-cert': escaped },
    { X_SSL_Client_Cert: escaped },
    { 'X-SSL_Client-Cert': escaped },
    { 'X-SSL-Client-Cert': base64 },
    { 'X-SSL-Client-Cert': escaped, 'Client-Cert': structured },
    { 'SSL-Client-Cert': escaped },
    { 'X-Client-Cert': escaped },
    { 'X-Forwarded-Client-Cert': `Cert="${escaped}"` },
    { 'X-Forwarded-Tls-Client-Cert': bare },
    { 'X-Amzn-Mtls-Clientcert': escaped },
    { 'X-Amzn-Mtls-Clientcert-Leaf': escaped },
    { 'X-ARR-ClientCert': base64 },
  ];
}
