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
  async function outputOf(error: unknown): Promise<string> {
    const exit = vi.spyOn(process, 'exit').mockImplementation((() => undefined) as never);
    let text = '';
    const write = vi.spyOn(process.stderr, 'write').mockImplementation(((chunk: string, done: () => void) => {
      text += chunk;
      done();
      return true;
    }) as never);
    runMain(() => Promise.reject(error));
    await vi.waitFor(() => expect(exit).toHaveBeenCalledWith(1));
    exit.mockRestore();
    write.mockRestore();
    return text;
  }

  it('prints what the operator can put right as sentences, without a stack', async () => {
    expect(await outputOf(new ConfigurationError(['A is not set: expected x', 'B is not valid: expected y']))).toBe(
      'Cannot start, the configuration is not valid:\n  A is not set: expected x\n  B is not valid: expected y\n',
    );
    const busy = new ListenError(
      { name: 'tls', host: '0.0.0.0', port: 8443 },
      Object.assign(new Error(), { code: 'EADDRINUSE' }),
    );
    expect(await outputOf(busy)).toBe(
      'Cannot start. Listener "tls" cannot listen on 0.0.0.0 port 8443: the port is already in use; choose another port.\n',
    );
  });

  it('prints anything else with its stack', async () => {
    expect(await outputOf(new Error('a bug'))).toMatch(/^Error: a bug\n +at /);
  });
});
