import type { Fault } from './fault.js';

const LIBRARY = 'libs/mtls-binding/src';
const CACHE = `${LIBRARY}/verified-tokens/verified-tokens.ts`;
const CACHE_SPEC = `${LIBRARY}/verified-tokens/verified-tokens.spec.ts`;
const ADMISSIBLE = `${LIBRARY}/admission/assert-admissible.ts`;
const ADMISSIBLE_SPEC = `${LIBRARY}/admission/assert-admissible.spec.ts`;
const ADMISSION = `${LIBRARY}/nest/admission.ts`;
const SEEN_SPEC = `${LIBRARY}/nest/seen-tokens.spec.ts`;
const MODE_SPEC = `${LIBRARY}/nest/report-only.spec.ts`;
const ATTACKS_SPEC = `${LIBRARY}/nest/token-attacks.spec.ts`;
const OPAQUE = `${LIBRARY}/introspection/introspect-token.ts`;
const OPAQUE_SPEC = `${LIBRARY}/nest/opaque-tokens.spec.ts`;
const KEYS = `${LIBRARY}/protocol/remote-keys.ts`;
const KEYS_SPEC = `${LIBRARY}/protocol/remote-keys.spec.ts`;

/** What a token is still held to once it is known, what a plain one is let through for, and what forgers try. */
export const VERIFIED_TOKEN_FAULTS: readonly Fault[] = [
  {
    rule: 'R5',
    then: 'holds a token that it knows to nothing any more',
    file: ADMISSION,
    find: '    this.demand(token, presentation, now);',
    replace: '',
    spec: SEEN_SPEC,
  },
  {
    rule: 'R7',
    then: 'asks a token that it knows for no scopes',
    file: ADMISSION,
    find: '    this.demand(token, presentation, now);',
    replace: '    this.demand(token, { ...presentation, requiredScopes: [] }, now);',
    spec: SEEN_SPEC,
  },
  {
    rule: 'R9',
    then: 'lets a token that it knows through, however old the revocations are',
    file: ADMISSION,
    find: '    return this.admitted(token, now);',
    replace: '    return token;',
    spec: SEEN_SPEC,
  },
  {
    rule: 'R2',
    then: 'knows a token by its header and claims, whatever its signature',
    file: ADMISSION,
    find: 'this.#verified.find(presentation.credentials,',
    replace: "this.#verified.find(presentation.credentials.replace(/[^.]*$/, ''),",
    spec: SEEN_SPEC,
  },
  {
    rule: 'R11',
    then: 'knows a token beyond its end',
    file: CACHE,
    find: 'return !(until > now);',
    replace: 'return !(until > now - 5_000);',
    spec: CACHE_SPEC,
  },
  {
    rule: 'R2',
    then: 'still knows what a distrusted key signed',
    file: CACHE,
    find: '    this.#entries.clear();',
    replace: '',
    spec: CACHE_SPEC,
  },
  {
    rule: 'R2',
    then: 'remembers what a key signed that was distrusted meanwhile',
    file: CACHE,
    find: 'if (this.max === 0 || generation !== this.#generation) return;',
    replace: 'if (this.max === 0) return;',
    spec: CACHE_SPEC,
  },
  {
    rule: 'R2',
    then: 'does not tell anybody that a key was distrusted',
    file: `${LIBRARY}/revocation/revocation-state.ts`,
    find: "return kind === 'key' && ",
    replace: "return kind === 'all' && ",
    spec: SEEN_SPEC,
  },
  {
    rule: 'R2',
    then: 'does not look at the dates of a token that it knows',
    file: ADMISSIBLE,
    find: '  assertInTime(token, now);',
    replace: '',
    spec: ADMISSIBLE_SPEC,
  },
  {
    rule: 'R5',
    then: 'lets plain tokens through unless it is told otherwise',
    file: ADMISSIBLE,
    find: "plainTokens: PlainTokens = 'refused'",
    replace: "plainTokens: PlainTokens = 'let_through'",
    spec: ADMISSIBLE_SPEC,
  },
  {
    rule: 'R5',
    then: 'lets plain tokens through in every mode',
    file: ADMISSION,
    find: "options.mode instanceof ReportOnly ? 'let_through' : 'refused'",
    replace: "'let_through'",
    spec: MODE_SPEC,
  },
  {
    rule: 'R5',
    then: 'lets a bound token through without its certificate, where plain ones are',
    file: ADMISSIBLE,
    find: "if (token.confirmation !== undefined || plainTokens !== 'let_through') {",
    replace: "if (plainTokens !== 'let_through') {",
    spec: MODE_SPEC,
  },
  {
    rule: 'R5',
    then: 'takes a confirmation that is null for none at all',
    file: `${LIBRARY}/protocol/token-from-claims.ts`,
    find: "claims['cnf'] === undefined ?",
    replace: "(claims['cnf'] ?? undefined) === undefined ?",
    spec: MODE_SPEC,
  },
  {
    rule: 'R2',
    then: 'knows one signature in several spellings',
    file: `${LIBRARY}/protocol/compact-jws.ts`,
    find: "signature.toString('base64url') !== sealed",
    replace: 'sealed === text',
    spec: ATTACKS_SPEC,
  },
  {
    rule: 'R4',
    then: 'asks the issuer for every random kid',
    file: KEYS,
    find: '    cooldownDuration: COOLDOWN_MS,',
    replace: '    cooldownDuration: 0,',
    spec: KEYS_SPEC,
  },
  {
    rule: 'R4',
    then: 'asks an issuer that fails for every token',
    file: KEYS,
    find: ' < FAILURE_PAUSE_MS) throw',
    replace: ' < 0) throw',
    spec: KEYS_SPEC,
  },
  {
    rule: 'R6',
    then: 'leaves the challenge to the framework, which a foreign filter may pass by',
    file: `${LIBRARY}/nest/refuse.ts`,
    find: 'if (challenge) response.setHeader(',
    replace:
      'if (challenge) context.switchToHttp().getResponse<{ header(name: string, value: string): void }>().header(',
    spec: `${LIBRARY}/nest/guard.spec.ts`,
  },
  {
    rule: 'R2',
    then: 'takes an opaque token that is not active',
    file: OPAQUE,
    find: "answer['active'] !== true",
    replace: "answer['active'] === undefined",
    spec: OPAQUE_SPEC,
  },
  {
    rule: 'R2',
    then: 'takes an opaque token for another API',
    file: OPAQUE,
    find: "answer['aud'] !== audience",
    replace: "answer['aud'] === undefined",
    spec: OPAQUE_SPEC,
  },
  {
    rule: 'R2',
    then: 'believes for five minutes what the issuer said of an opaque token',
    file: ADMISSION,
    find: 'const TRUSTED_ANSWER_MS = 5_000;',
    replace: 'const TRUSTED_ANSWER_MS = 300_000;',
    spec: OPAQUE_SPEC,
  },
  {
    rule: 'R5',
    then: 'does not hold an opaque token to the certificate',
    file: ADMISSION,
    find: '    demand(token);',
    replace: '',
    spec: OPAQUE_SPEC,
  },
];
