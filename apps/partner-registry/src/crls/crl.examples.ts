const ANCHOR = 'anc_0198c2f95c0b7f3e8a1d6b2c4e5f7091';

export const newCrlExamples = {
  pem: { summary: 'PEM', value: { pem: '-----BEGIN X509 CRL-----\n…\n-----END X509 CRL-----\n' } },
};

export const crlExamples = {
  fetched: {
    summary: 'Fetched from one of the anchor’s places',
    value: {
      id: 'crl_0198c2fa1e427c1f9b3d5a7e8c6f4021',
      trust_anchor_id: ANCHOR,
      uri: 'http://crl.acme.example/machine-ca-2.crl',
      freshness: 'fresh',
      issuer_dn: 'CN=Acme Machine CA 2,O=Acme Logistics GmbH,C=DE',
      issuer_spki_sha256: '15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225',
      number: '1a',
      this_update: '2026-03-02T06:00:00.000Z',
      next_update: '2026-03-03T06:00:00.000Z',
      entries: 14,
      sha256: '0f1e3c27bcd08a5e6fd2a1f4e9b7c8d56a3b2c1d0e9f8a7b6c5d4e3f2a1b0c9d',
      fetched_at: '2026-03-02T06:03:11.204Z',
      attempted_at: '2026-03-02T06:03:11.012Z',
      failures: 0,
      last_error: null,
      version: 12,
      created_at: '2026-03-01T09:36:20.812Z',
      updated_at: '2026-03-02T06:03:11.204Z',
    },
  },
};

export const crlsExamples = {
  one: {
    summary: 'An anchor with one place',
    value: { trust_anchor_id: ANCHOR, items: [crlExamples.fetched.value] },
  },
};
