/**
 * RFC 8785 (JSON Canonicalization Scheme): one text for one value, so that a hash over it can be checked by anybody, in
 * any language. Members are sorted by UTF-16 code units, which is how JavaScript compares; numbers and strings are
 * written the way ECMAScript does, which the RFC took over. Members that are undefined are left out, as JSON does.
 * Does not check: lone surrogates, which RFC 8785 forbids; they are escaped here, and no field of ours accepts them.
 */
export function canonicalJson(value: unknown): string {
  return textOf(JSON.parse(JSON.stringify(value)));
}

function textOf(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(textOf).join(',')}]`;
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${textOf(member)}`).join(',')}}`;
}
