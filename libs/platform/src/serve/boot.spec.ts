import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Module } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { ConfigurationError } from '../config/index.js';
import { ListenError, runMain } from './index.js';
import { call, served, testAuthority, type ServedApp } from './served-app.fixture.spec.js';

@Module({})
class Empty {}

let folder: string;
let certFile: string;
let keyFile: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'platform-boot-'));
  const server = await (await testAuthority()).issueServer({ names: ['localhost'] });
  certFile = await file('server.crt', server.chainPem);
  keyFile = await file('server.key', server.privateKeyPem);
});
afterAll(() => rm(folder, { recursive: true }));

async function file(name: string, text: string): Promise<string> {
  await writeFile(join(folder, name), text);
  return join(folder, name);
}

const listener = (o: { certFile?: string; keyFile?: string; port?: number; name?: string }) => ({
  name: 'tls',
  host: '127.0.0.1',
  port: 0,
  certFile,
  keyFile,
  requestClientCertificate: false,
  ...o,
});

const bootWith = (o: Parameters<typeof listener>[0]) => served(Empty, { listeners: [listener(o)] });

describe('a certificate or key that cannot be used stops the boot with a sentence', () => {
  it.each([
    [
      'no certificate file',
      () => ({ certFile: join(folder, 'absent') }),
      'The certificate file of listener "tls" cannot be read (ENOENT).',
    ],
    [
      'no key file',
      () => ({ keyFile: join(folder, 'absent') }),
      'The key file of listener "tls" cannot be read (ENOENT).',
    ],
    [
      'files exchanged',
      () => ({ certFile: keyFile, keyFile: certFile }),
      'The certificate file of listener "tls" is not a PEM certificate.',
    ],
    ['a certificate as key', () => ({ keyFile: certFile }), 'The key file of listener "tls" is not a PEM private key.'],
  ])('%s', async (_what, files, sentence) => {
    await expect(bootWith(files())).rejects.toThrow(new ConfigurationError([sentence]));
  });

  it('a key of another certificate', async () => {
    const other = await (await testAuthority()).issueServer({ names: ['localhost'] });
    const foreign = await file('other.key', other.privateKeyPem);
    await expect(bootWith({ keyFile: foreign })).rejects.toThrow(
      'The private key of listener "tls" does not belong to its certificate.',
    );
  });

  it('an encrypted key', async () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const text = privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' }) as string;
    await expect(bootWith({ keyFile: await file('encrypted.key', text) })).rejects.toThrow(
      'is encrypted; give an unencrypted key',
    );
  });
});

describe('a port that is taken', () => {
  it.each(['tls', 'management'])(
    'stops the boot of listener %s with a sentence, and leaves nothing open',
    async (name) => {
      const holder = createServer().listen(0, '127.0.0.1');
      await once(holder, 'listening');
      const { port } = holder.address() as AddressInfo;
      const handlers = process.listenerCount('SIGTERM');
      const options =
        name === 'tls' ? { listeners: [listener({ port })] } : { management: { host: '127.0.0.1', port } };
      const error = await served(Empty, options).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(ListenError);
      expect(error).toMatchObject({
        code: 'port_in_use',
        message: `Listener "${name}" cannot listen on 127.0.0.1 port ${port}: the port is already in use; choose another port.`,
      });
      expect(process.listenerCount('SIGTERM')).toBe(handlers);
      holder.close();
    },
  );
});

describe('misuse', () => {
  it.each([
    ['no listener', { listeners: [] }],
    ['a listener called management', { listeners: [listenerNamed('management')] }],
    ['two listeners of one name', { listeners: [listenerNamed('a'), listenerNamed('a')] }],
  ])('%s is a TypeError', async (_what, options) => {
    await expect(served(Empty, options)).rejects.toThrow(TypeError);
  });

  it('a deadline before the end of the drain time is a configuration fault', async () => {
    await expect(served(Empty, { shutdown: { drainMs: 2, deadlineMs: 1 } })).rejects.toThrow(ConfigurationError);
  });

  function listenerNamed(name: string) {
    return { name, host: '127.0.0.1', port: 0, certFile: '', keyFile: '', requestClientCertificate: false };
  }
});

it('an app on one listener serves, and says where', async () => {
  const app: ServedApp = await bootWith({ name: 'only' });
  expect(app.addresses).toMatchObject({ only: { host: '127.0.0.1' }, management: { host: '127.0.0.1' } });
  expect((await call(app, 'only', '/')).status).toBe(404);
  await app.stop();
});

describe('runMain', () => {
  const EVENTS = ['warning', 'uncaughtException'] as const;

  /** The lines on standard error of a process that runs this, which has its own listeners while it does. */
  async function linesOf(main: () => Promise<unknown>, ending = true): Promise<Record<string, unknown>[]> {
    const [exit, write] = [vi.spyOn(process, 'exit'), vi.spyOn(process.stderr, 'write')];
    const others = EVENTS.map((event) => process.rawListeners(event) as (() => void)[]);
    let text = '';
    exit.mockImplementation((() => undefined) as never);
    write.mockImplementation(((chunk: string) => ((text += chunk), true)) as never);
    try {
      process.removeAllListeners('uncaughtException');
      runMain({ name: 'app', version: '1' }, main);
      await vi.waitFor(() => expect(ending ? exit.mock.calls : text.split('\n').slice(1)).not.toEqual([]), {
        timeout: 240_000,
      });
      if (ending) expect(exit).toHaveBeenCalledWith(1);
    } finally {
      exit.mockRestore();
      write.mockRestore();
      for (const [index, event] of EVENTS.entries()) {
        process.removeAllListeners(event);
        for (const listener of others[index]!) process.on(event, listener);
      }
    }
    return text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  }
  const failing = (error: unknown) => linesOf(() => Promise.reject(error as Error));

  it('A45: says what the operator can put right as sentences, without a stack, in a line of the log', async () => {
    const faults = ['A is not set: expected x', 'B is not valid: expected y'];
    expect(await failing(new ConfigurationError(faults))).toMatchObject([
      { level: 'fatal', service: 'app', msg: expect.stringMatching(/^Cannot start\. The configuration/), faults },
    ]);
    const cause = Object.assign(new Error(), { code: 'EADDRINUSE' });
    const [line] = await failing(new ListenError({ name: 'tls', host: '0.0.0.0', port: 8443 }, cause));
    expect(line).toMatchObject({
      level: 'fatal',
      msg: 'Cannot start. Listener "tls" cannot listen on 0.0.0.0 port 8443: the port is already in use; choose another port.',
      err: { code: 'port_in_use' },
    });
    expect(line!.err).not.toHaveProperty('stack');
  });

  it('A45: says anything else with its stack', async () => {
    const stack = expect.stringMatching(/^Error: a bug\n +at /) as string;
    expect(await failing(new Error('a bug'))).toMatchObject([{ msg: 'Cannot start. a bug', err: { stack } }]);
    expect(await failing('a text')).toMatchObject([{ err: { type: 'string', message: 'a text' } }]);
  });

  it('A45: an error that nobody caught ends the process with a line of the log', async () => {
    const throwing = async () => {
      (process as NodeJS.EventEmitter).emit('uncaughtException', new Error('lost'), 'unhandledRejection');
    };
    expect(await linesOf(throwing)).toMatchObject([
      { level: 'fatal', origin: 'unhandledRejection', err: { message: 'lost', stack: expect.any(String) as string } },
    ]);
  });

  it('A45: so are warnings and deprecations, and they end nothing', async () => {
    const warning = async () => {
      process.emitWarning('old', 'DeprecationWarning', 'DEP0001');
    };
    expect(await linesOf(warning, false)).toMatchObject([
      { level: 'warn', msg: 'Node warns: old', err: { message: 'old', code: 'DEP0001' } },
    ]);
  });
});
