import { z } from 'zod';

/**
 * What an identifier is of: `ptn` partner, `ctc` contact, `cli` client, `crt` certificate, `anc` trust anchor, `rsv`
 * resource server, `scp` scope, `grt` grant.
 */
export type IdentifierPrefix = 'ptn' | 'ctc' | 'cli' | 'crt' | 'anc' | 'rsv' | 'scp' | 'grt' | 'crq' | 'cau' | 'crl';

const UUID_PARTS = /^(.{8})(.{4})(.{4})(.{4})(.{12})$/;

/** `ptn_0198…` (prefix and 32 hex digits) for a uuid as Postgres prints it. */
export function showIdentifier(prefix: IdentifierPrefix, uuid: string): string {
  return `${prefix}_${uuid.replaceAll('-', '')}`;
}

/** The uuid of a shown identifier; undefined when the text is not exactly one of this kind. */
export function uuidOf(prefix: IdentifierPrefix, shown: string): string | undefined {
  return shownPattern(prefix).test(shown)
    ? shown.slice(prefix.length + 1).replace(UUID_PARTS, '$1-$2-$3-$4-$5')
    : undefined;
}

/** An identifier inside a request's body or query: the shown form, parsed to the uuid. */
export function identifierInput(prefix: IdentifierPrefix) {
  return z
    .string()
    .regex(shownPattern(prefix), { error: `expected an identifier: ${prefix}_ and 32 hexadecimal digits`, abort: true })
    .transform((shown) => uuidOf(prefix, shown)!);
}

/** An identifier in an answer: the uuid of the row, shown. */
export function identifierOutput(prefix: IdentifierPrefix) {
  return z
    .string()
    .transform((uuid) => showIdentifier(prefix, uuid))
    .pipe(z.string().regex(shownPattern(prefix)));
}

function shownPattern(prefix: IdentifierPrefix): RegExp {
  return new RegExp(`^${prefix}_[0-9a-f]{32}$`);
}
