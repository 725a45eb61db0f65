import { reasonExamples } from '../http/fields.schema.js';

const PEM = '-----BEGIN CERTIFICATE-----\n…\n-----END CERTIFICATE-----\n';
const SHA256 = '8f434346648f6b96df89dda901c5176b10a6d83961dd3c1ac88b59b2dc327aa4';

export const certificateUploadExamples = {
  pem: { summary: 'One leaf certificate, PEM; or the leaf with its intermediates', value: { pem: PEM } },
  later: { summary: 'For a rotation: activated when the other side is ready', value: { pem: PEM, activate: false } },
  dated: {
    summary: 'For a rotation: in use from a date on, in place of another one',
    value: { pem: PEM, activate_at: '2026-09-01T06:00:00Z', replaces: 'crt_0198c2fb4a1d7e63b05894c7f2d6e1a8' },
  },
};

export const certificateQuestionExamples = {
  anybody: { summary: 'Is this certificate sound?', value: { pem: PEM } },
  client: {
    summary: 'Could this client register it?',
    value: { pem: PEM, client_id: 'cli_0198c2f7d0e47b5a91c26f8e3d1a4b70' },
  },
};

export const activationExamples = {
  ...reasonExamples('The partner is ready to switch over'),
  dated: { summary: 'At a date', value: { reason: 'Maintenance window', at: '2026-09-01T06:00:00Z' } },
};

export const supersessionExamples = {
  ...reasonExamples('Its successor was seen'),
  dated: { summary: 'At a date', value: { reason: 'Two weeks of overlap', at: '2026-09-15T06:00:00Z' } },
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
      partner_id: 'ptn_0198c2f011117222833301234567890a',
      source: 'uploaded',
      certificate_authority_id: null,
      status: 'active',
      status_reason: null,
      ...DESCRIBED,
      chain: [],
      path_valid_until: '2027-03-01T00:00:00.000Z',
      path_trust_anchor_id: 'anc_0198c2f95c0b7f3e8a1d6b2c4e5f7091',
      activate_at: null,
      retire_at: null,
      replaces: null,
      revoked_at: null,
      revocation_reason: null,
      checks: CHECKS,
      version: 1,
      created_at: '2026-03-02T09:40:03.310Z',
      updated_at: '2026-03-02T09:40:03.310Z',
      first_seen_at: '2026-03-02T10:02:41.087Z',
      last_seen_at: '2026-03-02T10:02:41.087Z',
      days_left: 363,
    },
  },
};

export const ownedCertificateExamples = {
  active: {
    summary: 'An active certificate, and whose it is',
    value: { ...certificateExamples.active.value, client_name: 'Acme shipment importer', partner_name: 'Acme' },
  },
};

export const supersededCertificateExamples = {
  planned: {
    summary: 'Active until its date; nobody has used its successor yet',
    value: {
      ...certificateExamples.active.value,
      status_reason: 'Two weeks of overlap',
      retire_at: '2026-09-15T06:00:00.000Z',
      version: 2,
      warnings: [
        {
          code: 'successor_unseen',
          detail: 'The token service never saw crt_0198c31a6f2077d1a3c05e9b84d7f612.',
          certificate_ids: ['crt_0198c31a6f2077d1a3c05e9b84d7f612'],
        },
      ],
    },
  },
};

export const certificateAnswerExamples = {
  sound: {
    summary: 'A certificate that could be registered',
    value: { acceptable: true, ...DESCRIBED, intermediates: [], path_valid_until: null, checks: CHECKS },
  },
};
