import { crlExamples } from '../crls/crl.examples.js';

const PEM = '-----BEGIN CERTIFICATE-----\n…\n-----END CERTIFICATE-----\n';
const PARTNER = 'ptn_0198c2f011117222833301234567890a';
const ANCHOR = 'anc_0198c2f95c0b7f3e8a1d6b2c4e5f7091';

export const newTrustAnchorExamples = {
  owned: {
    summary: 'A partner’s own authority',
    value: {
      name: 'Acme Machine CA 2',
      partner_id: PARTNER,
      crl_mode: 'soft',
      crl_uris: ['http://crl.acme.example/machine-ca-2.crl'],
      pem: PEM,
    },
  },
  shared: { summary: 'An authority that several partners use', value: { name: 'Industry Device CA', pem: PEM } },
};

export const trustAnchorPatchExamples = {
  mode: { summary: 'Refuse when its CRL is missing', value: { crl_mode: 'require' } },
  places: {
    summary: 'Where its lists are fetched',
    value: { crl_uris: ['http://crl.acme.example/machine-ca-2.crl'] },
  },
};

export const retirementExamples = {
  unused: { summary: 'Nobody depends on it any more', value: { reason: 'Replaced by Acme Machine CA 3' } },
  emergency: { summary: 'It must not be trusted any more', value: { reason: 'CA compromised', force: true } },
};

export const clientAnchorExamples = { one: { summary: 'One more anchor', value: { trust_anchor_id: ANCHOR } } };

export const clientAnchorsExamples = {
  these: { summary: 'Exactly these', value: { trust_anchor_ids: [ANCHOR] } },
  none: { summary: 'None: paths are not judged', value: { trust_anchor_ids: [] } },
};

export const trustAnchorExamples = {
  owned: {
    summary: 'A partner’s own authority',
    value: {
      id: ANCHOR,
      name: 'Acme Machine CA 2',
      partner_id: PARTNER,
      status: 'active',
      status_reason: null,
      crl_mode: 'require',
      crl_uris: ['http://crl.acme.example/machine-ca-2.crl'],
      pem: PEM,
      sha256: '5994471abb01112afcc18159f6cc74b4f511b99806da59b3caf5a9c173cacfc5',
      spki_sha256: '15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225',
      serial: '3a91',
      subject_dn: 'CN=Acme Machine CA 2,O=Acme Logistics GmbH,C=DE',
      key: { type: 'ec', curve: 'P-384' },
      not_before: '2025-01-01T00:00:00.000Z',
      not_after: '2035-01-01T00:00:00.000Z',
      version: 1,
      created_at: '2026-03-02T09:36:20.812Z',
      updated_at: '2026-03-02T09:36:20.812Z',
    },
  },
};

export const shownTrustAnchorExamples = {
  owned: {
    summary: 'A partner’s own authority, and the state of its CRL',
    value: { ...trustAnchorExamples.owned.value, crls: [crlExamples.fetched.value] },
  },
};

const CLIENT = 'cli_0198c2f7d0e47b5a91c26f8e3d1a4b70';

export const dependentExamples = {
  importer: {
    summary: 'A client that has this anchor only',
    value: {
      client_id: CLIENT,
      partner_id: PARTNER,
      client_name: 'Acme shipment importer',
      status: 'active',
      certificate_policy: 'registered_only',
      certificates: 1,
      other_anchors: 0,
    },
  },
};

export const clientAnchorsAnswerExamples = {
  one: {
    summary: 'One anchor',
    value: { client_id: CLIENT, version: 4, items: [trustAnchorExamples.owned.value] },
  },
};

export const changedAnchorsExamples = {
  judged: {
    summary: 'One anchor, and a certificate whose path ends there',
    value: {
      ...clientAnchorsAnswerExamples.one.value,
      version: 5,
      paths: [
        {
          certificate_id: 'crt_0198c2fb4a1d7e63b05894c7f2d6e1a8',
          thumbprint: 'j0NDRmSPa5bfid2pAcUXaxCm2Dlh3TwayItZstwyeqQ',
          valid: true,
          valid_until: '2027-03-01T00:00:00.000Z',
        },
      ],
    },
  },
};
