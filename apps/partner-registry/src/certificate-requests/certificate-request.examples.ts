const CSR = '-----BEGIN CERTIFICATE REQUEST-----\n…\n-----END CERTIFICATE REQUEST-----\n';
const SPKI_SHA256 = '5a1f7e0c3b9d2846f1c05e7a9b3d6428c0f1e5d7a2b4968310cdfe5b7a8c9d01';
const CLIENT = 'cli_0198c2f7d0e47b5a91c26f8e3d1a4b70';

export const newCertificateRequestExamples = {
  pem: { summary: 'A certificate for a new key', value: { csr: CSR } },
  later: { summary: 'Kept pending until the other side is ready', value: { csr: CSR, activate: false } },
};

export const certificateRequestQuestionExamples = {
  anybody: { summary: 'Is this request sound?', value: { csr: CSR } },
  client: { summary: 'Could this client submit it?', value: { csr: CSR, client_id: CLIENT } },
};

const CHECKS = [
  {
    id: 'proof_of_possession',
    result: 'pass',
    observed: 'signed with the key it asks a certificate for',
    expected: 'a signature over the request with the private key of the public key in it',
    hint: '',
  },
];

const REQUESTED = {
  id: 'crq_0198c301a7b47c2e9f50d1638e4a2b97',
  client_id: CLIENT,
  status: 'submitted',
  spki_sha256: SPKI_SHA256,
  key: { type: 'ec', curve: 'P-256' },
  replaces: null,
  activate: true,
  requested_by: 'cli_0198b7a4c2d17f60a3e59d8b1c4f7a26',
  decided_by: null,
  decided_at: null,
  decision_reason: null,
  certificate_id: null,
  checks: CHECKS,
  version: 1,
  created_at: '2026-03-02T09:50:12.118Z',
  updated_at: '2026-03-02T09:50:12.118Z',
};

const ISSUED = {
  ...REQUESTED,
  status: 'issued',
  decided_by: 'cli_0198b7a9f3e87c14b6d20a5e8f9c3b71',
  decided_at: '2026-03-02T10:14:40.902Z',
  decision_reason: 'Asked for by phone, and confirmed',
  certificate_id: 'crt_0198c3180b4e7a61b2c97d05f3e8a146',
  version: 2,
  updated_at: '2026-03-02T10:14:40.902Z',
};

/** As lists have it. */
export const listedCertificateRequestExamples = {
  issued: { summary: 'A request whose certificate was issued', value: ISSUED },
};

export const certificateRequestExamples = {
  submitted: { summary: 'A request that waits for approval', value: { ...REQUESTED, csr: CSR } },
  issued: { summary: 'A request whose certificate was issued', value: { ...ISSUED, csr: CSR } },
};

export const certificateRequestAnswerExamples = {
  sound: {
    summary: 'A request that could be submitted',
    value: {
      acceptable: true,
      subject_dn: '',
      subject_alternative_names: [],
      spki_sha256: SPKI_SHA256,
      key: { type: 'ec', curve: 'P-256' },
      signature_algorithm: 'ecdsa-with-SHA256',
      certificate: {
        subject_dn: `CN=${CLIENT},O=Acme Logistics GmbH`,
        subject_alternative_names: [{ kind: 'uri', value: `urn:partner-ecosystem:client:${CLIENT}` }],
      },
      needs_approval: true,
      checks: CHECKS,
    },
  },
};
