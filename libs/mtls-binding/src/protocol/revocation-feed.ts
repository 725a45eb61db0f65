import { errors, jwtVerify, SignJWT, type CryptoKey, type JWTVerifyGetKey, type KeyObject } from 'jose';
import { SIGNATURE_ALGORITHMS } from './bound-token.js';
import { FeedRefusedError, type FeedRefusalCode } from './feed-refused-error.js';

// Writing, reading and checking the feed share this file, so that they cannot drift apart.
// docs/revocation-feed.schema.json says the same to everybody who reads the feed with a library of their own.

/** `typ` of the JWS. A feed key signs nothing else, and a key for access tokens no feed. // A20 */
export const FEED_TYPE = 'revocation-feed+jwt';
export const FEED_MEDIA_TYPE = `application/${FEED_TYPE}`;

export type RevocationKind = 'partner' | 'client' | 'certificate' | 'grant' | 'jti' | 'key' | 'all';

/** Whom an entry is about: exactly the members that `SUBJECT_MEMBERS` names for its kind. */
export type RevocationSubject = Readonly<Record<string, string>>;

/** One live revocation. Instants are NumericDates: seconds since 1970, which may have fractions. */
export interface RevocationEntry {
  /** The number of the change that made it what it is; dense, in the order of commits. */
  readonly seq: number;
  readonly kind: RevocationKind;
  readonly subject: RevocationSubject;
  /** `off` refuses every token of the subject; `cutoff` those with `iat <= issued_before`. */
  readonly mode: 'off' | 'cutoff';
  readonly recorded_at: number;
  /** Set with `cutoff`, and only then. */
  readonly issued_before?: number;
  /** From here on the entry refuses nothing: no token it could match is unexpired. */
  readonly expires_at: number;
}

/** What the token service says is revoked, as of `iat`. */
export interface FeedStatement {
  readonly iss: string;
  /** The moment before the head was read: the statement knows of everything committed by then. */
  readonly iat: number;
  /** `iat + max_age`. */
  readonly exp: number;
  /** Names one history of numbers; another one after the database was restored. URL-safe characters. */
  readonly epoch: string;
  /** The head: the number of the newest change. */
  readonly seq: number;
  /** Holds every live entry with a greater number; 0: a snapshot, every live entry. */
  readonly since: number;
  /** Seconds that a guard may go on with it. // R9 */
  readonly max_age: number;
  readonly entries: readonly RevocationEntry[];
}

export interface FeedSigningKey {
  readonly alg: string;
  readonly kid: string;
  readonly privateKey: CryptoKey | KeyObject;
}

export interface FeedRules {
  /** Compared exactly. */
  readonly issuer: string;
  /** Keys of the issuer's `revocations_jwks_uri`, never those of its access tokens. */
  readonly keys: JWTVerifyGetKey;
}

const SUBJECT_MEMBERS: Readonly<Record<RevocationKind, readonly string[]>> = {
  partner: ['partner_id'],
  client: ['client_id'],
  certificate: ['thumbprint'],
  grant: ['client_id', 'audience', 'scope'],
  jti: ['jti'],
  key: ['kid'],
  all: [],
};
const ENTRY_MEMBERS = ['seq', 'kind', 'subject', 'mode', 'recorded_at', 'issued_before', 'expires_at'];

/** The clocks of issuer and guard may differ by this much. // R11 */
const LEEWAY_SECONDS = 5;
/** A guard that goes on for longer without news would make the feed pointless, whoever asks it to. */
const LONGEST_MAX_AGE = 300;
/** What a `Date` can hold. */
const LAST_INSTANT = 8.64e12;
const MILLISECOND = 0.001;

/** One spelling per subject, for maps. */
export function subjectKey(kind: RevocationKind, subject: RevocationSubject): string {
  return JSON.stringify([kind, ...SUBJECT_MEMBERS[kind].map((member) => subject[member])]);
}

/**
 * The statement as a compact JWS.
 * @throws TypeError when it is not well formed: no guard would take it
 */
export async function signFeed(statement: FeedStatement, key: FeedSigningKey): Promise<string> {
  try {
    const claims = { ...statementFrom({ ...statement }) };
    return await new SignJWT(claims)
      .setProtectedHeader({ alg: key.alg, kid: key.kid, typ: FEED_TYPE })
      .sign(key.privateKey);
  } catch (error) {
    if (!(error instanceof FeedRefusedError)) throw error;
    throw new TypeError(`signFeed() was given a malformed statement: ${error.message}`, { cause: error });
  }
}

/**
 * Verifies signature, type, issuer, dates and shape of a statement, all or nothing: an entry that is not understood
 * may be the one that counts.
 * @throws FeedRefusedError; what `rules.keys` throws when the keys cannot be had comes through as it is
 *
 * Does not check: whether it is newer than, and follows on, what is held. `RevocationState.apply` does.
 */
export async function readFeed(jws: string, rules: FeedRules, now: Date): Promise<FeedStatement> {
  const statement = statementFrom(await verifiedClaims(jws, rules, now));
  const seconds = now.getTime() / 1000;
  // jose compares whole seconds
  if (statement.exp <= seconds) throw new FeedRefusedError('feed_expired', `the statement expired at ${statement.exp}`);
  if (statement.iat > seconds + LEEWAY_SECONDS) {
    throw new FeedRefusedError('feed_from_future', `the statement is from ${statement.iat}, and it is ${seconds}`);
  }
  return statement;
}

async function verifiedClaims(jws: string, { issuer, keys }: FeedRules, now: Date): Promise<Record<string, unknown>> {
  try {
    const algorithms = [...SIGNATURE_ALGORITHMS];
    const { payload } = await jwtVerify(jws, keys, { issuer, algorithms, typ: FEED_TYPE, currentDate: now });
    return payload;
  } catch (error) {
    const code = codeOf(error);
    throw code ? new FeedRefusedError(code, (error as Error).message, { cause: error }) : error;
  }
}

/** Undefined when the keys, not the statement, are the problem. */
function codeOf(error: unknown): FeedRefusalCode | undefined {
  if (error instanceof errors.JWTExpired) return 'feed_expired';
  if (error instanceof errors.JWTClaimValidationFailed) {
    if (error.claim === 'typ') return 'feed_type';
    return error.claim === 'iss' ? 'feed_issuer' : 'feed_malformed';
  }
  const signature = [
    errors.JOSEAlgNotAllowed,
    errors.JWSSignatureVerificationFailed,
    errors.JWKSNoMatchingKey,
    errors.JWKSMultipleMatchingKeys,
  ];
  if (signature.some((kind) => error instanceof kind)) return 'feed_signature';
  const malformed = [errors.JWSInvalid, errors.JWTInvalid, errors.JOSENotSupported];
  return malformed.some((kind) => error instanceof kind) ? 'feed_malformed' : undefined;
}

/** Members that are not named here are left out: a later version may say more about a statement, but not about an entry. */
function statementFrom(claims: Readonly<Record<string, unknown>>): FeedStatement {
  const { iss, iat, exp, epoch, seq, since, max_age: maxAge, entries } = claims;
  if (typeof iss !== 'string' || iss === '') throw malformed('iss is no text');
  if (!isInstant(iat) || !isInstant(exp)) throw malformed('iat and exp are no instants');
  if (typeof epoch !== 'string' || !/^[\w.~-]{1,128}$/.test(epoch)) throw malformed('epoch is no URL-safe text');
  if (!isNumber(seq) || !isNumber(since)) throw malformed('seq and since are no whole numbers');
  if (typeof maxAge !== 'number' || !(maxAge > 0 && maxAge <= LONGEST_MAX_AGE)) {
    throw malformed(`max_age is not between 0 and ${LONGEST_MAX_AGE} seconds`);
  }
  if (!(Math.abs(exp - iat - maxAge) <= MILLISECOND)) throw malformed('exp is not iat + max_age');
  if (!Array.isArray(entries)) throw malformed('entries is no list');
  const read = entries.map((entry: unknown, at) => entryFrom(entry, `entries[${at}]`, { since, seq }));
  assertOneEach(read);
  return { iss, iat, exp, epoch, seq, since, max_age: maxAge, entries: read };
}

function entryFrom(
  value: unknown,
  where: string,
  { since, seq: head }: { since: number; seq: number },
): RevocationEntry {
  if (!isObject(value)) throw malformed(`${where} is no object`);
  const unknown = Object.keys(value).find((member) => !ENTRY_MEMBERS.includes(member));
  if (unknown !== undefined) throw malformed(`${where} has a member that is not known: ${unknown}`);
  const { seq, kind, subject, mode, recorded_at, issued_before, expires_at } = value;
  if (!isNumber(seq) || seq <= since || seq > head) throw malformed(`${where}.seq is not above since and up to seq`);
  if (!isKind(kind)) throw malformed(`${where}.kind is not known`);
  if (!isSubjectOf(kind, subject))
    throw malformed(`${where}.subject is not exactly ${SUBJECT_MEMBERS[kind].join(', ')}`);
  if (!isInstant(recorded_at) || !isInstant(expires_at)) throw malformed(`${where} has no instants`);
  if (mode === 'off' && issued_before === undefined) return { seq, kind, subject, mode, recorded_at, expires_at };
  if (mode === 'cutoff' && isInstant(issued_before)) {
    return { seq, kind, subject, mode, recorded_at, issued_before, expires_at };
  }
  throw malformed(`${where} is neither off nor a cutoff with issued_before`);
}

// Of two entries about one subject, whichever is kept, the other would be lost.
function assertOneEach(entries: readonly RevocationEntry[]): void {
  const subjects = new Set(entries.map(({ kind, subject }) => subjectKey(kind, subject)));
  if (subjects.size !== entries.length) throw malformed('two entries have one subject');
}

function isKind(value: unknown): value is RevocationKind {
  return typeof value === 'string' && Object.hasOwn(SUBJECT_MEMBERS, value);
}

function isSubjectOf(kind: RevocationKind, value: unknown): value is RevocationSubject {
  const members = SUBJECT_MEMBERS[kind];
  if (!isObject(value) || Object.keys(value).length !== members.length) return false;
  return members.every(
    (member) => Object.hasOwn(value, member) && typeof value[member] === 'string' && value[member] !== '',
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** JSON can spell infinity: `1e999`. */
function isInstant(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value <= LAST_INSTANT;
}

function isNumber(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function malformed(message: string): FeedRefusedError {
  return new FeedRefusedError('feed_malformed', message);
}
