export const PARTNERS = `
CREATE TABLE registry.partners (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  slug text NOT NULL CONSTRAINT partners_slug_key UNIQUE CHECK (slug ~ '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$'),
  legal_name text NOT NULL CHECK (char_length(legal_name) BETWEEN 1 AND 200),
  display_name text CHECK (char_length(display_name) BETWEEN 1 AND 200),
  country text CHECK (country ~ '^[A-Z]{2}$'),
  is_platform boolean NOT NULL DEFAULT false,
  status text NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'active', 'suspended', 'offboarded')),
  status_reason text CHECK (char_length(status_reason) BETWEEN 1 AND 500),
  version integer NOT NULL DEFAULT 1 CHECK (version > 0),
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  registration_number text CHECK (char_length(registration_number) BETWEEN 1 AND 100),
  external_ref text CHECK (char_length(external_ref) BETWEEN 1 AND 100),
  labels jsonb NOT NULL DEFAULT '{}'
    CHECK (jsonb_typeof(labels) = 'object' AND octet_length(labels::text) <= 8192),
  metadata jsonb NOT NULL DEFAULT '{}'
    CHECK (jsonb_typeof(metadata) = 'object' AND octet_length(metadata::text) <= 16384)
);
CREATE UNIQUE INDEX partners_one_platform ON registry.partners (is_platform) WHERE is_platform;
CREATE INDEX partners_by_status ON registry.partners (status, id);
CREATE INDEX partners_by_external_ref ON registry.partners (external_ref, id) WHERE external_ref IS NOT NULL;
CREATE TABLE registry.partner_contacts (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  partner_id uuid NOT NULL REFERENCES registry.partners (id),
  kind text NOT NULL CHECK (kind IN ('business', 'technical', 'security', 'incident')),
  name text CHECK (char_length(name) BETWEEN 1 AND 200),
  email text CHECK (char_length(email) BETWEEN 3 AND 320),
  verified_at timestamptz,
  erased_at timestamptz,
  version integer NOT NULL DEFAULT 1 CHECK (version > 0),
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  -- the row stays, so that what was audited under its id can be told apart; the person does not
  CONSTRAINT partner_contacts_erasure CHECK (CASE WHEN erased_at IS NULL
    THEN name IS NOT NULL AND email IS NOT NULL
    ELSE name IS NULL AND email IS NULL AND verified_at IS NULL END)
);
CREATE INDEX partner_contacts_of_partner ON registry.partner_contacts (partner_id, id) WHERE erased_at IS NULL;`;
