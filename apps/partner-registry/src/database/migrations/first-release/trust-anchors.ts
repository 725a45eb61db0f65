export const TRUST_ANCHORS = `
CREATE TABLE registry.trust_anchors (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 200),
  -- null: shared, any partner's client may chain to it
  partner_id uuid REFERENCES registry.partners (id),
  status text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'retired')),
  status_reason text CHECK (char_length(status_reason) BETWEEN 1 AND 500),
  crl_mode text NOT NULL DEFAULT 'soft' CHECK (crl_mode IN ('require', 'soft', 'off')),
  pem text NOT NULL CHECK (char_length(pem) <= 65536),
  sha256 text NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
  -- what is pinned: the key, never the name
  spki_sha256 text NOT NULL CHECK (spki_sha256 ~ '^[0-9a-f]{64}$'),
  serial text NOT NULL CHECK (serial <> ''),
  subject_dn text NOT NULL CHECK (char_length(subject_dn) BETWEEN 1 AND 1000),
  key jsonb NOT NULL,
  not_before timestamptz NOT NULL,
  not_after timestamptz NOT NULL,
  version integer NOT NULL DEFAULT 1 CHECK (version > 0),
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  -- where the CRLs of the authority and of those below it are fetched
  crl_uris text[] NOT NULL DEFAULT '{}' CHECK (cardinality(crl_uris) <= 8),
  -- goes up when a CRL, the mode or the places change: what was judged under a lower one is judged again
  crl_generation bigint NOT NULL DEFAULT 0 CHECK (crl_generation >= 0),
  -- the last generation under which somebody may have lost what they had: a CRL named another serial, or the mode became stricter
  crl_named_generation bigint NOT NULL DEFAULT 0 CHECK (crl_named_generation >= 0)
);
CREATE UNIQUE INDEX trust_anchors_key_of_owner ON registry.trust_anchors (partner_id, spki_sha256)
  NULLS NOT DISTINCT WHERE status = 'active';
CREATE INDEX trust_anchors_of_partner ON registry.trust_anchors (partner_id, id);
CREATE INDEX trust_anchors_by_status ON registry.trust_anchors (status, id);
CREATE INDEX trust_anchors_by_key ON registry.trust_anchors (spki_sha256, id);`;

// Who may be known by a subject value under an anchor without registering each certificate. An identity belongs to one
// partner; it can only be taken over while no link names it (the foreign key of the link), so no race makes two owners.
export const IDENTITIES = `
CREATE TABLE registry.certificate_identities (
  trust_anchor_id uuid NOT NULL REFERENCES registry.trust_anchors (id),
  kind text NOT NULL CHECK (kind IN ('subject_dn', 'san_dns', 'san_uri', 'san_ip', 'san_email')),
  -- SHA-256 of the value as it is compared, lower-case hex: a name may be longer than an index entry
  folded_sha256 text NOT NULL CHECK (folded_sha256 ~ '^[0-9a-f]{64}$'),
  partner_id uuid NOT NULL REFERENCES registry.partners (id),
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (trust_anchor_id, kind, folded_sha256),
  UNIQUE (trust_anchor_id, kind, folded_sha256, partner_id)
);
CREATE TABLE registry.client_trust_anchors (
  client_id uuid NOT NULL,
  trust_anchor_id uuid NOT NULL REFERENCES registry.trust_anchors (id),
  partner_id uuid NOT NULL,
  -- set while the client is known by its identity
  identity_kind text,
  identity_sha256 text,
  created_at timestamptz NOT NULL DEFAULT now(),
  judged_crl_generation bigint NOT NULL DEFAULT 0 CHECK (judged_crl_generation >= 0),
  PRIMARY KEY (client_id, trust_anchor_id),
  CHECK ((identity_kind IS NULL) = (identity_sha256 IS NULL)),
  FOREIGN KEY (client_id, partner_id) REFERENCES registry.clients (id, partner_id),
  CONSTRAINT client_trust_anchors_identity FOREIGN KEY (trust_anchor_id, identity_kind, identity_sha256, partner_id)
    REFERENCES registry.certificate_identities (trust_anchor_id, kind, folded_sha256, partner_id)
);
CREATE INDEX client_trust_anchors_of_anchor ON registry.client_trust_anchors (trust_anchor_id, client_id);
CREATE INDEX client_trust_anchors_of_identity ON registry.client_trust_anchors
  (trust_anchor_id, identity_kind, identity_sha256, partner_id) WHERE identity_kind IS NOT NULL;
-- who is known by a subject value, under whichever anchor
CREATE INDEX client_trust_anchors_by_identity ON registry.client_trust_anchors (identity_kind, identity_sha256)
  WHERE identity_kind IS NOT NULL;
CREATE INDEX client_trust_anchors_to_judge ON registry.client_trust_anchors (trust_anchor_id, judged_crl_generation);`;
