import { randomBytes } from 'node:crypto';

/** As they stand on the wire. */
export const PROTOCOLS = {
  SSLv3: 0x0300,
  TLSv1: 0x0301,
  'TLSv1.1': 0x0302,
  'TLSv1.2': 0x0303,
  'TLSv1.3': 0x0304,
} as const;
export type Protocol = keyof typeof PROTOCOLS;

/** What a server first says: the suite it chose, or the number of the alert it refused with. */
export type FirstAnswer = { suite: number; protocol: number; compression: number } | { alert: number };

const HANDSHAKE = 22;
const ALERT = 21;
const CLIENT_HELLO = 1;
const SERVER_HELLO = 2;
const RANDOM_BYTES = 32;
const EXTENSION = { groups: 10, pointFormats: 11, signatures: 13, versions: 43, keyShare: 51, renegotiation: 0xff01 };
const GROUPS = [29, 23, 24, 25, 30];
// what the modern protocol has, then SHA-1 and MD5: a scan takes whatever it is given
const SIGNATURES = [
  0x0403, 0x0503, 0x0603, 0x0804, 0x0805, 0x0806, 0x0807, 0x0401, 0x0501, 0x0601, 0x0203, 0x0201, 0x0101,
];

const u8 = (value: number): Buffer => Buffer.from([value]);
const u16 = (...values: number[]): Buffer => Buffer.from(values.flatMap((value) => [value >> 8, value & 0xff]));
const u24 = (value: number): Buffer => Buffer.from([value >> 16, (value >> 8) & 0xff, value & 0xff]);
const withLength8 = (body: Buffer): Buffer => Buffer.concat([u8(body.length), body]);
const withLength16 = (body: Buffer): Buffer => Buffer.concat([u16(body.length), body]);

/** One record with a ClientHello (RFC 5246 section 7.4.1.2) that knows this protocol version and no newer one. */
export function clientHello(protocol: Protocol, suites: readonly number[]): Buffer {
  const version = PROTOCOLS[protocol];
  const modern = protocol === 'TLSv1.3';
  const hello = Buffer.concat([
    u16(modern ? PROTOCOLS['TLSv1.2'] : version),
    randomBytes(RANDOM_BYTES),
    withLength8(Buffer.alloc(0)), // no session
    withLength16(u16(...suites)),
    withLength8(modern ? u8(0) : Buffer.from([1, 0])), // DEFLATE, if the server is so careless
    withLength16(Buffer.concat([...extensions(), ...(modern ? extensionsOf13() : [])])),
  ]);
  const message = Buffer.concat([u8(CLIENT_HELLO), u24(hello.length), hello]);
  return Buffer.concat([u8(HANDSHAKE), u16(Math.min(version, PROTOCOLS.TLSv1)), withLength16(message)]);
}

function extensions(): Buffer[] {
  return [
    extension(EXTENSION.groups, withLength16(u16(...GROUPS))),
    extension(EXTENSION.pointFormats, withLength8(u8(0))),
    extension(EXTENSION.signatures, withLength16(u16(...SIGNATURES))),
    extension(EXTENSION.renegotiation, withLength8(Buffer.alloc(0))),
  ];
}

// No key share at all: the server then asks for one (RFC 8446 section 4.1.4) and in doing so names the suite it chose.
function extensionsOf13(): Buffer[] {
  return [
    extension(EXTENSION.versions, withLength8(u16(PROTOCOLS['TLSv1.3']))),
    extension(EXTENSION.keyShare, withLength16(Buffer.alloc(0))),
  ];
}

function extension(type: number, body: Buffer): Buffer {
  return Buffer.concat([u16(type), withLength16(body)]);
}

/** Reads the first record of an answer; undefined while it is not complete. */
export function firstAnswer(bytes: Buffer): FirstAnswer | undefined {
  if (bytes.length < 5 || bytes.length < 5 + bytes.readUInt16BE(3)) return undefined;
  const body = bytes.subarray(5, 5 + bytes.readUInt16BE(3));
  if (bytes[0] === ALERT) return { alert: body.readUInt8(1) };
  if (bytes[0] !== HANDSHAKE || body[0] !== SERVER_HELLO) throw new Error(`not TLS: ${bytes.toString('hex', 0, 16)}`);
  const session = 4 + 2 + RANDOM_BYTES;
  const suite = session + 1 + body.readUInt8(session);
  const protocol = versionIn(body.subarray(suite + 3)) ?? body.readUInt16BE(4);
  return { suite: body.readUInt16BE(suite), compression: body.readUInt8(suite + 2), protocol };
}

/** TLS 1.3 says in an extension that it is spoken. */
function versionIn(block: Buffer): number | undefined {
  for (let at = 2; at + 4 <= block.length; at += 4 + block.readUInt16BE(at + 2)) {
    if (block.readUInt16BE(at) === EXTENSION.versions) return block.readUInt16BE(at + 4);
  }
  return undefined;
}
