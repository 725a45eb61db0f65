import { X509Certificate } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import { methodOf, type Answer, type Call, type Identity } from '../stack/admin/https-client.js';

/** The request as a reader wants it: line, what the connection proved, headers that matter, body. */
export function describeCall(call: Call): string[] {
  const lines = [`${methodOf(call)} ${call.url}`, `certificate: ${call.identity ? subjectOf(call.identity) : 'none'}`];
  if (call.token !== undefined) lines.push(`Authorization: Bearer ${shortened(call.token)}`);
  if (call.form) lines.push(...Object.entries(call.form).map(([name, value]) => `${name}=${value}`));
  if (call.json !== undefined) lines.push(JSON.stringify(call.json));
  if (call.pem !== undefined) lines.push('(the certificate as PEM; its key stays with the partner)');
  return lines;
}

/** Status, the challenge if there is one, and the named fields of the body. */
export function describeAnswer({ status, headers, body }: Answer, fields: readonly string[]): string[] {
  const lines = [`${status} ${STATUS_CODES[status] ?? ''}`.trim()];
  const challenge = headers['www-authenticate'];
  if (challenge !== undefined) lines.push(`WWW-Authenticate: ${challenge.split(', ').slice(0, 1).join('')} …`);
  const width = Math.max(0, ...fields.map((field) => field.length));
  for (const field of fields) lines.push(`${field.padEnd(width)}  ${shownField(body[field])}`);
  return lines;
}

/** RFC 4514: the name itself first, the way certificates are spoken of. */
export function subjectOf(identity: Identity): string {
  return new X509Certificate(identity.chainPem).subject.split('\n').reverse().join(',');
}

const LONG = 180;
const WORDS_SHOWN = 3;

function shortenedList(value: string): string {
  const words = value.split(' ');
  return words.length === 1 ? shortened(value) : `${words.slice(0, WORDS_SHOWN).join(' ')} … (${words.length} in all)`;
}

/** Enough of a token to recognise it by. */
export function shortened(token: string): string {
  return token.length > 40 ? `${token.slice(0, 16)}…${token.slice(-8)}` : token;
}

function shownField(value: unknown): string {
  if (typeof value === 'string') return value.length <= LONG ? value : shortenedList(value);
  return JSON.stringify(value) ?? '(not there)';
}
