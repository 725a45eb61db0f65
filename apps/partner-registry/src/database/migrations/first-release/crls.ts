export const CRLS = `
CREATE TABLE registry.crls (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  trust_anchor_id uuid NOT NULL REFERENCES registry.trust_anchors (id),
  -- null: uploaded by an operator
  uri text CHECK (char_length(uri) BETWEEN 1 AND 500),
  -- the key that signed it: a CRL of another authority below the anchor is another row
  issuer_spki_sha256 text CHECK (issuer_spki_sha256 ~ '^[0-9a-f]{64}$'),
  issuer_dn text,
  -- lower-case hex, as RFC 5280 5.2.3 numbers them
  number text,
  this_update timestamptz,
  next_update timestamptz,
  entries integer CHECK (entries >= 0),
  sha256 text CHECK (sha256 ~ '^[0-9a-f]{64}$'),
  der bytea,
  fetched_at timestamptz,
  attempted_at timestamptz,
  -- not before that: whoever fetches it puts this ahead of everybody else first
  attempt_after timestamptz NOT NULL DEFAULT now(),
  failures integer NOT NULL DEFAULT 0 CHECK (failures >= 0),
  last_error text CHECK (char_length(last_error) <= 1000),
  -- which alarm was given, and for the CRL of which next_update: once for each
  alarmed text CHECK (alarmed IN ('due', 'stale', 'missing')),
  alarmed_for timestamptz,
  version integer NOT NULL DEFAULT 1 CHECK (version > 0),
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  -- of its issuing distribution point (RFC 5280 5.2.5): an authority may publish several CRLs, each about some
  -- certificates; null: about all of them
  scope_sha256 text CHECK (scope_sha256 ~ '^[0-9a-f]{64}$'),
  CONSTRAINT crls_content CHECK (num_nonnulls(issuer_spki_sha256, issuer_dn, this_update, entries, sha256, der, fetched_at) IN (0, 7)),
  CONSTRAINT crls_of_uri UNIQUE NULLS NOT DISTINCT (trust_anchor_id, uri, issuer_spki_sha256, scope_sha256)
);
CREATE INDEX crls_of_anchor ON registry.crls (trust_anchor_id, id);
CREATE INDEX crls_by_sha256 ON registry.crls (sha256) WHERE sha256 IS NOT NULL;
CREATE INDEX crls_to_fetch ON registry.crls (attempt_after) WHERE uri IS NOT NULL;`;
