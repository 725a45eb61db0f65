// RFC 7468 and what PuTTY writes, in any case; the armour may be cut off or percent-encoded
const ARMOUR = /-\s*BEGIN[A-Z0-9 ]*PRIVATE KEY|PuTTY-User-Key-File/i;
// RFC 7518 6.2.2, 6.3.2 and 6.4.1, RFC 8037, and `priv` of the newer kinds: what nobody else may know of a key
const SECRET_MEMBER = /"(?:d|p|q|dp|dq|qi|oth|k|priv)"\s*:\s*["[]/;
const KEY_TYPE = /"kty"\s*:/;
/** How often a text is percent-decoded: proxies and tools encode what is encoded already. */
const MOST_DECODINGS = 3;

/**
 * Whether a text, or bytes that are one, holds a private key: as PEM (whole or cut off), as PuTTY's file or as a JWK, in ASCII, UTF-8 or
 * UTF-16, and percent-encoded. One that is found must be replaced, and is neither logged nor echoed.
 * Does not check: DER, with or without base64 around it; see `refusePrivateKey`.
 */
export function holdsPrivateKey(input: string | Uint8Array): boolean {
  const text = typeof input === 'string' ? input : Buffer.from(input).toString('latin1');
  // without the zeros that UTF-16 has between the letters of ASCII
  const plain = text.includes('\0') ? text.replaceAll('\0', '') : text;
  return decodings(plain).some(
    (decoded) => ARMOUR.test(decoded) || (KEY_TYPE.test(decoded) && SECRET_MEMBER.test(decoded)),
  );
}

function decodings(text: string): string[] {
  const all = [text];
  while (all.length <= MOST_DECODINGS && all.at(-1)!.includes('%')) all.push(decodedOnce(all.at(-1)!));
  return all;
}

// Octet by octet: what surrounds a key need not be UTF-8. A form has a plus for a space.
function decodedOnce(text: string): string {
  return text
    .replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    .replaceAll('+', ' ');
}
