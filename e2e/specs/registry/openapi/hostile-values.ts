import fc from 'fast-check';

/** In the text of a body it becomes a number no double holds. */
const BEYOND_NUMBERS = '@@1e999@@';
const LONG = 5_000;

/** What no schema of ours allows, or only by chance. */
export const hostileValues: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(
    ...[null, true, false, 0, -1, 1.5, 2 ** 31, 2 ** 53, -(2 ** 63), 1e308, BEYOND_NUMBERS],
    ...[
      '',
      ' ',
      '\u0000',
      'a\u0000b',
      '\ud800',
      'a\udfffb',
      '\u202e',
      '\uffff',
      '💶',
      "'; DROP TABLE registry.partners; --",
    ],
    ...['x'.repeat(LONG), '../../../etc/passwd', '%00', '{{7*7}}', '${jndi:ldap://x}', '<script>', '\r\nx-injected: 1'],
    ...['__proto__', 'constructor', 'null', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----'],
    ...['9999-99-99T99:99:99Z', '+275760-09-13T00:00:00.001Z', 'https://user:pw@x', 'https://[::1', 'urn:x'],
    ...[[], {}, [[]], [null], { '': '' }, { $ne: null }, Array.from({ length: 300 }, () => 'a'), nested(40)],
  ),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ unit: 'binary', minLength: 200, maxLength: 400 }),
  fc.double(),
  fc.jsonValue({ maxDepth: 3 }),
);

/** Bodies that are no JSON, or not the JSON somebody meant. */
export const hostileTexts: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    ...['', '{', 'null', '[]', '"text"', '0', 'NaN', '{"a":1,}', '{"slug":"a","slug":"b"}', '\ufeff{}', '\u0000'],
    ...['{"__proto__":{"is_platform":true}}', '{"constructor":{"prototype":{"x":1}}}', '['.repeat(2_000)],
    ...[`{"legal_name":"${'x'.repeat(70_000)}"}`, '{"reason":"\\ud800"}', '{"reason":1e999}'],
  ),
  fc.string({ unit: 'binary', maxLength: 100 }),
);

/** Members that only the registry itself sets. */
export const readOnlyMembers: fc.Arbitrary<[string, unknown]> = fc.constantFrom<[string, unknown][]>(
  ...([
    ['id', 'ptn_00000000000000000000000000000000'],
    ['client_id', 'cli_00000000000000000000000000000000'],
    ['status', 'active'],
    ['version', 99],
    ['created_at', '2020-01-01T00:00:00Z'],
    ['updated_at', null],
    ['is_platform', true],
    ['bound_access_tokens', false],
    ['thumbprint', 'x'],
    ['source', 'issued'],
    ['requested_by', null],
    ['decided_by', 'cli_00000000000000000000000000000000'],
    ['verified_at', '2020-01-01T00:00:00Z'],
    ['toString', 1],
    ['hasOwnProperty', 1],
  ] as [string, unknown][]),
);

export function jsonText(value: unknown): string {
  return (JSON.stringify(value) ?? 'null').replaceAll(`"${BEYOND_NUMBERS}"`, '1e999');
}

function nested(levels: number): unknown {
  return levels === 0 ? 1 : [nested(levels - 1)];
}
