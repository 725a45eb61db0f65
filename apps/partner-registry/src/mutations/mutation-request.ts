import { createHash } from 'node:crypto';
import { entityTagsIn } from '@partner-ecosystem/platform/serve';
import { canonicalJson } from '../audit/canonical-json.js';
import { RegistryError } from '../problems/registry-error.js';
import type { Idempotency, MutationContext } from './words/mutation-context.js';

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
const OUR_TAG_WEAK_OR_NOT = /^(?:W\/)?"([1-9]\d{0,8})"$/;

/**
 * The versions that If-Match names (RFC 9110 section 13.1.1): a weak tag never matches, and one that is not ours matches
 * nothing. `any` for `*`: the present version, as long as there is one.
 * @throws RegistryError `invalid_request` for anything but a list of entity tags
 */
export function ifMatchOf({ headers }: MutationRequest): MutationContext['ifMatch'] {
  return versionsIn('If-Match', headers['if-match'], OUR_TAG);
}

/** The versions that If-None-Match names, by weak tags too: none of them may be the present one. */
export function ifNoneMatchOf({ headers }: MutationRequest): MutationContext['ifNoneMatch'] {
  return versionsIn('If-None-Match', headers['if-none-match'], OUR_TAG_WEAK_OR_NOT);
}

function versionsIn(
  name: string,
  value: string | string[] | undefined,
  ours: RegExp,
): readonly number[] | 'any' | undefined {
  if (value === undefined) return undefined;
  const tags = entityTagsIn(String(value));
  if (tags === 'any') return tags;
  if (tags) return tags.flatMap((tag) => ours.exec(tag)?.[1] ?? []).map(Number);
  throw RegistryError.ofField(
    'invalid_request',
    `/${name}`,
    'Send ETags as you received them, with their quotes, or *.',
  );
}

/** `/v1/clients/cli_…` of whatever is below it; undefined for a collection. */
export function addressedBy({ url }: MutationRequest): string | undefined {
  return /^\/v1\/[a-z-]+\/[^/?#]+/.exec(url)?.[0];
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
