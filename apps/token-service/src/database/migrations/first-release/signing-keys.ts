// For life, a key has one purpose: what signed tokens can never come to speak for the feed (A20).
// The database, not the app, says when a key moved, destroys the private part, and knows no way back.
export const SIGNING_KEYS = `
CREATE TABLE token.signing_key (
  kid text PRIMARY KEY CHECK (length(kid) = 43),
  alg text NOT NULL CHECK (alg IN ('ES256', 'PS256', 'EdDSA')),
  status text NOT NULL CHECK (status IN ('next', 'current', 'retired', 'deleted', 'distrusted')),
  public_jwk jsonb NOT NULL CHECK (NOT public_jwk ? 'd'),
  private_jwe text,
  created_at timestamptz NOT NULL DEFAULT now(),
  activated_at timestamptz,
  retired_at timestamptz,
  deleted_at timestamptz,
  distrusted_at timestamptz,
  purpose text NOT NULL DEFAULT 'access_token'
    CONSTRAINT signing_key_purpose CHECK (purpose IN ('access_token', 'revocation_feed')),
  CONSTRAINT signing_key_current_since CHECK (status <> 'current' OR activated_at IS NOT NULL),
  CONSTRAINT signing_key_retired_since CHECK (status <> 'retired' OR retired_at IS NOT NULL),
  CONSTRAINT signing_key_deleted_since CHECK (status <> 'deleted' OR deleted_at IS NOT NULL),
  CONSTRAINT signing_key_distrusted_since CHECK ((status = 'distrusted') = (distrusted_at IS NOT NULL)),
  CONSTRAINT signing_key_private_part CHECK ((private_jwe IS NULL) = (status IN ('deleted', 'distrusted'))),
  CONSTRAINT signing_key_public_part_only CHECK (NOT public_jwk ?| ARRAY['d', 'p', 'q', 'dp', 'dq', 'qi', 'k']),
  CONSTRAINT signing_key_feed_algorithm CHECK (purpose <> 'revocation_feed' OR alg = 'ES256')
);
CREATE UNIQUE INDEX signing_key_one_current ON token.signing_key (purpose, alg) WHERE status = 'current';
CREATE UNIQUE INDEX signing_key_one_next ON token.signing_key (purpose, alg) WHERE status = 'next';
CREATE FUNCTION token.signing_key_moves() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
   DECLARE
     moment CONSTANT timestamptz := clock_timestamp();
     move CONSTANT text := CASE TG_OP WHEN 'INSERT' THEN 'new' ELSE OLD.status END || ' -> ' || NEW.status;
   BEGIN
     IF TG_OP = 'UPDATE' AND OLD.status = NEW.status THEN RETURN NEW; END IF;
     IF move NOT IN ('new -> next', 'new -> current', 'next -> current', 'current -> retired', 'retired -> deleted',
                     'next -> deleted', 'next -> distrusted', 'current -> distrusted', 'retired -> distrusted',
                     'deleted -> distrusted') THEN
       RAISE EXCEPTION 'a signing key does not move %', move USING ERRCODE = 'check_violation';
     END IF;
     IF TG_OP = 'INSERT' THEN NEW.created_at := moment; END IF;
     CASE NEW.status
       WHEN 'current' THEN NEW.activated_at := moment;
       WHEN 'retired' THEN NEW.retired_at := moment;
       WHEN 'deleted' THEN NEW.deleted_at := moment; NEW.private_jwe := NULL;
       WHEN 'distrusted' THEN NEW.distrusted_at := moment; NEW.private_jwe := NULL;
       ELSE NULL;
     END CASE;
     RETURN NEW;
   END $$;
REVOKE ALL ON FUNCTION token.signing_key_moves() FROM PUBLIC;
CREATE TRIGGER signing_key_moves BEFORE INSERT OR UPDATE ON token.signing_key
  FOR EACH ROW EXECUTE FUNCTION token.signing_key_moves();
GRANT SELECT, INSERT (kid, alg, status, public_jwk, private_jwe, purpose), UPDATE (status, private_jwe)
  ON token.signing_key TO token_service_app;`;
