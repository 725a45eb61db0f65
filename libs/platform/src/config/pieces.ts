import { accessSync, constants, readFileSync, statSync } from 'node:fs';
import { isIP } from 'node:net';
import { z } from 'zod';

/** A TCP port, 0 to 65535; 0 lets the system choose one. */
export function port() {
  return boundedNumber({ min: 0, max: 65_535, expected: 'expected a port, a whole number from 0 to 65535' });
}

/** A duration in milliseconds. */
export function milliseconds(max = 3_600_000) {
  return boundedNumber({ min: 0, max, expected: `expected milliseconds, a whole number from 0 to ${max}` });
}

const UNITS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** A whole number with a unit, such as `30d`; bounds and value are in milliseconds. */
export function duration(least: number, most: number) {
  const expected = 'expected a whole number with a unit s, m, h or d';
  return z
    .string({ error: expected })
    .regex(/^\d{1,6}[smhd]$/, { error: expected, abort: true })
    .transform((text) => Number(text.slice(0, -1)) * UNITS[text.slice(-1) as keyof typeof UNITS])
    .refine((ms) => ms >= least && ms <= most, {
      error: `expected a duration from ${least / 1_000}s to ${most / 1_000}s`,
    });
}

/** A whole number, both bounds included. */
export function wholeNumber(min: number, max: number) {
  return boundedNumber({ min, max, expected: `expected a whole number from ${min} to ${max}` });
}

function boundedNumber(o: { min: number; max: number; expected: string }) {
  return z
    .string({ error: o.expected })
    .regex(/^\d{1,12}$/, { error: o.expected, abort: true })
    .transform(Number)
    .refine((value) => value >= o.min && value <= o.max, { error: o.expected });
}

/** An address or a name to listen on. */
export function host() {
  const expected = 'expected an IP address or a host name to listen on';
  return z.string({ error: expected }).regex(/^[0-9A-Za-z.:_-]{1,253}$/, { error: expected });
}

/** Ranges of addresses, `10.0.7.0/24,fd00::/64`; a range of everybody is none. The value is a list. */
export function addressRanges() {
  const expected = 'expected ranges of addresses such as 10.0.7.0/24, separated by commas';
  return z
    .string({ error: expected })
    .transform((text) => text.split(',').map((range) => range.trim()))
    .refine((ranges) => ranges.every(isAddressRange), { error: expected });
}

function isAddressRange(text: string): boolean {
  const [, network = '', prefix] = /^([^/]+)\/(\d{1,3})$/.exec(text) ?? [];
  const bits = { 0: 0, 4: 32, 6: 128 }[isIP(network)] ?? 0;
  return Number(prefix) >= 1 && Number(prefix) <= bits;
}

/**
 * An `https:` URL without credentials, query, fragment or trailing slash, kept exactly as written: an issuer or an
 * audience is compared character by character.
 */
export function httpsUrl() {
  const expected = 'expected an https:// URL without user, query, fragment and trailing slash';
  return z.string({ error: expected }).refine(isPlainHttpsUrl, { error: expected });
}

function isPlainHttpsUrl(text: string): boolean {
  if (!/^https:\/\/[^\s?#@]+[^\s?#@/]$/.test(text) || !URL.canParse(text)) return false;
  const url = new URL(text);
  return url.protocol === 'https:' && url.hostname !== '';
}

/** The path of a file that this process can read; the value stays the path. */
export function filePath() {
  const expected = 'expected the path of a readable file';
  return z.string({ error: expected }).superRefine((path, context) => {
    const fault = faultOfFile(path);
    if (fault) context.addIssue({ code: 'custom', message: `${expected}, but ${fault}` });
  });
}

/** The path of a text file; the value is the file's content (UTF-8). */
export function fileText() {
  const expected = 'expected the path of a readable text file';
  return z.string({ error: expected }).transform((path, context) => {
    const fault = faultOfFile(path);
    if (fault === undefined) return readFileSync(path, 'utf8');
    context.addIssue({ code: 'custom', message: `${expected}, but ${fault}` });
    return z.NEVER;
  });
}

function faultOfFile(path: string): string | undefined {
  try {
    accessSync(path, constants.R_OK);
    return statSync(path).isFile() ? undefined : 'it is not a file';
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' ? 'there is no such file' : `it cannot be read (${code})`;
  }
}

/** A PostgreSQL connection URL that names user, host and database. */
export function postgresUrl() {
  const expected = 'expected a PostgreSQL URL, postgresql://user:password@host:port/database';
  return z.string({ error: expected }).refine(isPostgresUrl, { error: expected });
}

function isPostgresUrl(text: string): boolean {
  if (!/^postgres(ql)?:\/\//.test(text) || !URL.canParse(text)) return false;
  const url = new URL(text);
  return url.username !== '' && url.hostname !== '' && url.pathname.length > 1;
}
