/** One PEM block (RFC 7468), ending with a line break. */
export function pemBlock(label: 'CERTIFICATE' | 'X509 CRL', der: Buffer): string {
  return `-----BEGIN ${label}-----\n${der.toString('base64').replace(/.{1,64}/g, '$&\n')}-----END ${label}-----\n`;
}
