import { errorFields } from './error-fields.js';

const REDACTED = '[redacted]';

// Compared without case, '-' and '_': 'clientAssertion', 'client_assertion' and 'Client-Assertion' are one name.
const SECRET_NAMES = new Set(
  [
    'authorization',
    'proxy-authorization',
    'cookie',
    'set-cookie',
    'assertion',
    'client_assertion',
    'client_secret',
    'access_token',
    'refresh_token',
    'id_token',
    'token',
    'password',
    'passphrase',
    'secret',
    'private_key',
    'private_key_pem',
    'key_pem',
    'key_encryption_key',
    'privateJwk',
    'api_key',
  ].map(canonicalName),
);

const DEEPEST = 6;

// "Basic constraints", "bearer certificates": a word of ours and no credential, which is random or base64.
const WORD = /^[A-Z]?[a-z]{2,19}(?:[-/][a-z]{1,19})*[.-]?$/;

// The last guard, over the finished line: whatever field or message a secret slipped into, its shape gives it away.
// Each begins with letters that are rare, so that a line without them is passed over quickly.
type Replacement = (found: string, ...groups: string[]) => string;
const SECRET_SHAPES: ReadonlyArray<readonly [RegExp, Replacement]> = [
  // in a path it is percent-encoded, perhaps twice
  [
    /(?:-|%(?:25)*2D){5}BEGIN(?:[A-Z ]|\+|%(?:25)*20)*?PRIVATE(?: |\+|%(?:25)*20)KEY[^"]*?(?:-----END [A-Z ]*PRIVATE KEY-----|(?="))/gi,
    () => REDACTED,
  ],
  // the secret members of a JWK, as JSON in a string or percent-encoded
  [
    /((?:\\*"|%(?:25)*22)(?:d|p|q|dp|dq|qi|k|priv)(?:\\*"|%(?:25)*22)(?:\s|\+|%(?:25)*20)*(?::|%(?:25)*3A)(?:\s|\+|%(?:25)*20)*(?:\\*"|%(?:25)*22))[\w-]{16,}/gi,
    (_, member) => `${member}${REDACTED}`,
  ],
  [
    /(Bearer|DPoP|Basic) +([\w~+/.-]{8,}=*)/gi,
    (found, scheme, value) => (WORD.test(value!) ? found : `${scheme} ${REDACTED}`),
  ],
  [/\beyJ[\w-]{8,}\.[\w-]*\.[\w-]*(?:\.[\w-]*\.[\w-]*)?/g, () => REDACTED],
  [/(:\/\/[^\s:@/"]+:)[^\s@"]+@/g, (_, before) => `${before}${REDACTED}@`],
];

function canonicalName(name: string): string {
  return name.toLowerCase().replaceAll(/[-_]/g, '');
}

// Names of fields are the code's own and few; the bound is for the day when one comes from a stranger.
const MOST_NAMES = 1_000;
const judgedNames = new Map<string, boolean>();

function isSecretName(name: string): boolean {
  const known = judgedNames.get(name);
  if (known !== undefined) return known;
  const secret = SECRET_NAMES.has(canonicalName(name));
  if (judgedNames.size < MOST_NAMES) judgedNames.set(name, secret);
  return secret;
}

/** The fields of a log line without the values of secret names, at any depth: the same ones if there are none. */
export function withoutSecretNames(fields: Record<string, unknown>): Record<string, unknown> {
  return isFlatAndHarmless(fields) ? fields : (copyOf(fields, 0) as Record<string, unknown>);
}

// Most lines: nothing in them is to be hidden or shortened, so that no copy is needed.
function isFlatAndHarmless(fields: Record<string, unknown>): boolean {
  for (const name of Object.keys(fields)) {
    const value = fields[name];
    if ((typeof value === 'object' && value !== null) || isSecretName(name)) return false;
  }
  return true;
}

function copyOf(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Error) return errorFields(value, { stack: true });
  if (value instanceof Date) return value;
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (depth >= DEEPEST) return '[too deep]';
  if (Array.isArray(value)) return value.map((item) => copyOf(item, depth + 1));
  const copy: Record<string, unknown> = {};
  for (const [name, item] of Object.entries(value)) {
    const named = isSecretName(name) && item !== undefined ? REDACTED : copyOf(item, depth + 1);
    if (name === '__proto__') Object.defineProperty(copy, name, { value: named, enumerable: true });
    else copy[name] = named;
  }
  return copy;
}

/** The finished line without anything that has the shape of a secret. */
export function withoutSecretShapes(line: string): string {
  return SECRET_SHAPES.reduce(
    (text, [shape, replacement]) => text.replace(shape, replacement as (found: string) => string),
    line,
  );
}
