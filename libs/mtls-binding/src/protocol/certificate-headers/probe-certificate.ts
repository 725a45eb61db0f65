/**
 * What the start-up probe forges: a certificate whose private key was thrown away when it was made, so that whoever is
 * believed to hold it is believed without proof.
 */
export const PROBE_CERTIFICATE: Buffer = Buffer.from(
  'MIIBCTCBvAIBATAFBgMrZXAwMTEvMC0GA1UEAwwmZm9yZ2VkIGJ5IHRoZSBjZXJ0aWZpY2F0ZSBoZWFkZXIgcHJvYmUwHhcNMjYxMTIyMDQwNjA1WhcNMjYx' +
    'MTIzMDQwNjA1WjAxMS8wLQYDVQQDDCZmb3JnZWQgYnkgdGhlIGNlcnRpZmljYXRlIGhlYWRlciBwcm9iZTAqMAUGAytlcAMhAEg/TKYFEwDHDBuYYbPlnoBO' +
    '57SLjx5A7RdxsbuLkdKiMAUGAytlcANBAAo4HOgrEk+6zlWaxPitLMKqmCRWoNEP/sMxOum+1vc02j4Wc89/vV6qG+2L2603T+9K3Y4fzmT4nRrM5jNt2gM=',
  'base64',
);
