import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createLogger, nestLogger, newRequestId } from './index.js';

function recorder(level = 'trace') {
  const texts: string[] = [];
  const logger = createLogger({
    name: 'svc',
    version: '9',
    level,
    destination: { write: (text) => void texts.push(text) },
  });
  return {
    logger,
    text: () => texts.join(''),
    lines: () => texts.map((text) => JSON.parse(text) as Record<string, unknown>),
  };
}

describe('a log line', () => {
  it('is one JSON object with level as a word, ISO time, service and version', () => {
    const { logger, text, lines } = recorder();
    logger.info({ a: 1 }, 'hello\nthere');
    expect(text().match(/\n/g)).toHaveLength(1);
    expect(lines()[0]).toMatchObject({ level: 'info', service: 'svc', version: '9', a: 1, msg: 'hello\nthere' });
    expect(new Date(lines()[0]!.time as string).toISOString()).toBe(lines()[0]!.time);
  });

  it('shows chosen fields of an error and of its causes, never what a driver put on it', () => {
    const { logger, lines } = recorder();
    const cause = Object.assign(new RangeError('inner'), { code: '23505', parameters: ['personal'], query: 'SELECT' });
    logger.error({ err: new Error('outer', { cause }) }, 'x');
    const { err } = lines()[0] as { err: Record<string, unknown> };
    expect(err).toMatchObject({
      type: 'Error',
      message: 'outer',
      cause: { type: 'RangeError', code: '23505', message: 'inner' },
    });
    expect(JSON.stringify(lines())).not.toMatch(/personal|SELECT/);
    logger.error(cause);
    expect(JSON.stringify(lines()[1])).not.toMatch(/personal|SELECT/);
  });

  it('survives a cycle and deep nesting', () => {
    const { logger, lines } = recorder();
    const cycle: Record<string, unknown> = {};
    cycle.self = cycle;
    logger.info({ cycle }, 'x');
    expect(lines()).toHaveLength(1);
  });
});

describe('secrets never reach the log', () => {
  const SECRET = 'Zm9vYmFyYmF6cXV4';

  it.each([
    'authorization',
    'Authorization',
    'cookie',
    'client_assertion',
    'clientAssertion',
    'access_token',
    'password',
    'private_key',
    'privateKeyPem',
    'Client-Secret',
  ])('under the name %s, at any depth, in lists too', (name) => {
    const { logger, text } = recorder();
    logger.info(
      { [name]: SECRET, request: { headers: [{ [name]: SECRET }], deep: { deeper: { [name]: [SECRET] } } } },
      'x',
    );
    expect(text()).not.toContain(SECRET);
    expect(text()).toContain('[redacted]');
  });

  const token = `eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhYmMifQ.${'s'.repeat(86)}`;
  const pem = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({
    type: 'pkcs8',
    format: 'pem',
  }) as string;

  it.each([
    ['a private key', pem, pem.split('\n')[1]!],
    ['a cut private key', pem.slice(0, 90), pem.split('\n')[1]!.slice(0, 40)],
    ['a bearer header', `Bearer ${token}`, 's'.repeat(86)],
    ['a bare token', `got ${token} from`, 's'.repeat(86)],
    ['a database URL', 'connect to postgresql://app:hunter2secret@db:5432/x failed', 'hunter2secret'],
  ])('in the shape of %s, in the message, a field or an error', (_what, value, secret) => {
    const { logger, text, lines } = recorder();
    logger.info(value);
    logger.info({ harmless: value, nested: { list: [value] } }, 'x');
    logger.error({ err: new Error(value, { cause: new Error(value) }) }, 'x');
    expect(text()).not.toContain(secret);
    expect(lines()).toHaveLength(3);
  });

  const jwk = JSON.stringify(generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' }));
  const member = (JSON.parse(jwk) as { d: string }).d;
  it.each([
    ['a private key in a path', `/v1/x/${encodeURIComponent(pem)}`, pem.split('\n')[1]!.slice(0, 40)],
    ['one that was encoded twice', encodeURIComponent(encodeURIComponent(pem)), pem.split('\n')[1]!.slice(0, 16)],
    ['one in a form', new URLSearchParams({ pem }).toString(), pem.split('\n')[1]!.slice(0, 40)],
    ['one that was cut off', encodeURIComponent(pem).slice(0, 120), pem.split('\n')[1]!.slice(0, 30)],
    ['a JWK', jwk, member],
    ['a JWK in a path', `/v1/x/${encodeURIComponent(jwk)}`, member],
  ])('A45: in the shape of %s', (_what, value, secret) => {
    const { logger, text, lines } = recorder();
    logger.info({ path: value }, 'request');
    logger.error({ err: new Error(value) }, value);
    expect(text().replaceAll('%2B', '+')).not.toContain(secret);
    expect(text()).not.toContain(secret.slice(0, 12));
    expect(lines()).toHaveLength(2);
  });

  it('A45: and words that only look like one stay', () => {
    const { logger, lines } = recorder();
    const words = [
      'basic constraints CA:TRUE',
      'Basic constraints',
      'a bearer certificate.',
      'bearer client-certificate',
    ];
    for (const text of words) logger.info({ text }, text);
    expect(lines().map(({ msg, text }) => [msg, text])).toEqual(words.map((text) => [text, text]));
    logger.info('Basic dXNlcjpwYXNzd29yZA==');
    logger.info('basic abcdefghijklmnopqrstuvwxyzabc');
    expect(
      lines()
        .slice(-2)
        .map(({ msg }) => msg),
    ).toEqual(['Basic [redacted]', 'basic [redacted]']);
  });

  it('in the fields of a child logger', () => {
    const { logger, text } = recorder();
    logger.child({ note: `Bearer ${token}` }).info('x');
    expect(text()).not.toContain('s'.repeat(86));
  });

  it('bytes are only counted', () => {
    const { logger, lines } = recorder();
    logger.info({ key: Buffer.from(SECRET) }, 'x');
    expect(lines()[0]!.key).toBe('[16 bytes]');
  });
});

describe("Nest's log", () => {
  it('goes into the same lines with its context, and its wiring only at debug', () => {
    const { logger, lines } = recorder('info');
    const nest = nestLogger(logger);
    nest.log('Mapped {/x, GET} route', 'RouterExplorer');
    nest.warn('careful', 'Somewhere');
    nest.error(new Error('broken'), undefined, 'Elsewhere');
    nest.error('no database', 'Error: refused\n    at x', 'TypeOrmModule');
    expect(lines()).toMatchObject([
      { level: 'warn', context: 'Somewhere', msg: 'careful' },
      { level: 'error', context: 'Elsewhere', msg: 'broken', err: { type: 'Error', message: 'broken' } },
      // A45: the reason is in nothing else
      { level: 'error', context: 'TypeOrmModule', msg: 'no database', stack: 'Error: refused\n    at x' },
    ]);
  });
});

it('a request id has 128 bits of randomness and is never the same', () => {
  expect(newRequestId()).toMatch(/^req_[0-9a-f]{32}$/);
  expect(newRequestId()).not.toBe(newRequestId());
});
