import { createHash } from 'node:crypto';
import { canonicalJson } from '../audit/canonical-json.js';
import { RegistryError } from '../problems/registry-error.js';
import type { Idempotency, IfMatchRequired, MutationContext } from './mutation-context.js';

/** The parts of a request that the pipeline looks at. */
export interface MutationRequest {
  readonly method: string;
  /** path and query, as sent */
  readonly url: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly query: unknown;
  readonly body?: unknown;
}

const IDEMPOTENCY_KEY = /^[\x21-\x7e]{1,255}$/;
const OUR_TAG = /^"([1-9]\d{0,8})"$/;
const ENTITY_TAG = /^(?:W\/)?"[\x21\x23-\x7e]*"$/;
const ANY = '*';
/** Of no row: versions begin at 1. */
const NO_VERSION = 0;

/**
 * The version that If-Match names.
 * @throws RegistryError `invalid_request` for a list and for what is no entity tag; where something is replaced for `*`
 * too: which version did they see?
 */
export function ifMatchOf({ headers }: MutationRequest, required: IfMatchRequired): MutationContext['ifMatch'] {
  const tag = headers['if-match'];
  if (tag === undefined) return undefined;
  // RFC 9110 section 13.1.1: whatever the present version, as long as there is one.
  if (tag === ANY && required !== 'version') return 'any';
  const version = OUR_TAG.exec(String(tag))?.[1];
  if (version !== undefined) return Number(version);
  // RFC 9110 section 13.1.1: a weak tag never matches, and one that is not ours matches nothing.
  if (ENTITY_TAG.test(String(tag))) return NO_VERSION;
  throw RegistryError.ofField('invalid_request', '/If-Match', 'Send one ETag as you received it, with its quotes.');
}

/** @throws RegistryError `invalid_request` */
export function dryRunOf({ query }: MutationRequest): boolean {
  const asked = (query as { dry_run?: unknown } | undefined)?.dry_run;
  if (asked === undefined || asked === 'false') return false;
  if (asked === 'true') return true;
  throw RegistryError.ofField('invalid_request', '/dry_run', 'Expected true or false.');
}

/** @throws RegistryError `invalid_request` */
export function idempotencyOf(request: MutationRequest): Idempotency | undefined {
  const key = request.headers['idempotency-key'];
  if (key === undefined) return undefined;
  if (typeof key === 'string' && IDEMPOTENCY_KEY.test(key)) return { key, fingerprint: fingerprintOf(request) };
  const detail = 'Expected 1 to 255 printable ASCII characters without spaces.';
  throw RegistryError.ofField('invalid_request', '/Idempotency-Key', detail);
}

function fingerprintOf({ method, url, body }: MutationRequest): string {
  return createHash('sha256')
    .update(canonicalJson({ method, url, body: body ?? null }))
    .digest('hex');
}
