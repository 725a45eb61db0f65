const PEM = '-----BEGIN CERTIFICATE-----\n…\n-----END CERTIFICATE-----\n';
const SHA256 = '8f434346648f6b96df89dda901c5176b10a6d83961dd3c1ac88b59b2dc327aa4';

export const certificateUploadExamples = {
  pem: { summary: 'One leaf certificate, PEM; or the leaf with its intermediates', value: { pem: PEM } },
  later: { summary: 'For a rotation: activated when the other side is ready', value: { pem: PEM, activate: false } },
};

export const certificateQuestionExamples = {
  anybody: { summary: 'Is this certificate sound?', value: { pem: PEM } },
  client: {
    summary: 'Could this client register it?',
    value: { pem: PEM, client_id: 'cli_0198c2f7d0e47b5a91c26f8e3d1a4b70' },
  },
};

export const revocationExamples = {
  superseded: { summary: 'Replaced by a newer one', value: { reason: 'superseded' } },
  key_compromise: { summary: 'The private key was seen elsewhere', value: { reason: 'key_compromise' } },
};

const DESCRIBED = {
  thumbprint: Buffer.from(SHA256, 'hex').toString('base64url'),
  sha256: SHA256,
  spki_sha256: '2c624232cdd221771294dfbb310aca000a0df6ac8b66b696d90ef06fdefb64a3',
  serial: '4f1a09c3d2b7',
  subject_dn: 'CN=importer.acme.example,O=Acme Logistics GmbH,C=DE',
  issuer_dn: 'CN=Acme Machine CA 2,O=Acme Logistics GmbH,C=DE',
  subject_alternative_names: [{ kind: 'dns', value: 'importer.acme.example' }],
  key: { type: 'ec', curve: 'P-256' },
  extended_key_usage: ['1.3.6.1.5.5.7.3.2'],
  not_before: '2026-03-01T00:00:00.000Z',
  not_after: '2027-03-01T00:00:00.000Z',
};

const CHECKS = [
  {
    id: 'expired',
    result: 'pass',
    observed: 'valid until 2027-03-01T00:00:00Z, now 2026-03-02T09:40:03Z',
    expected: 'a last day of validity that has not passed',
    hint: '',
  },
];

export const certificateExamples = {
  active: {
    summary: 'An active certificate',
    value: {
      id: 'crt_0198c2fb4a1d7e63b05894c7f2d6e1a8',
      client_id: 'cli_0198c2f7d0e47b5a91c26f8e3d1a4b70',
      source: 'uploaded',
      status: 'active',
      status_reason: null,
      ...DESCRIBED,
      chain: [],
      path_valid_until: '2027-03-01T00:00:00.000Z',
      path_trust_anchor_id: 'anc_0198c2f95c0b7f3e8a1d6b2c4e5f7091',
      retire_at: null,
      revoked_at: null,
      revocation_reason: null,
      checks: CHECKS,
      version: 1,
      created_at: '2026-03-02T09:40:03.310Z',
      updated_at: '2026-03-02T09:40:03.310Z',
    },
  },
};

export const certificateAnswerExamples = {
  sound: {
    summary: 'A certificate that could be registered',
    value: { acceptable: true, ...DESCRIBED, intermediates: [], path_valid_until: null, checks: CHECKS },
  },
};
