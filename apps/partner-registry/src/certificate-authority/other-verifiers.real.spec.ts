import { execFile, spawnSync } from 'node:child_process';
import { createHash, generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { KeyEncryptionKey } from '@partner-ecosystem/platform/key-encryption';
import { opensslVerify } from '@partner-ecosystem/test-pki';
import { parseCertificate } from '@partner-ecosystem/x509';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAuthorityKey } from './authority-key.js';
import { createTestRoot } from './authority.testing.js';
import { intermediateExtensions } from './certificate-profile.js';
import { authorityName, rootList, type Root } from './creation/root.js';
import { pemBlock } from './encoding/pem-block.js';
import { randomSerial } from './encoding/random-serial.js';
import { issueCertificate } from './issue-certificate.js';
import { signedCrl } from './crl/signed-crl.js';
import { signedCertificate, type Signer } from './signed-certificate.js';
import { GO_PROGRAM, JAVA_PROGRAM } from './verifier-programs.testing.js';

const run = promisify(execFile);
const DAY_MS = 86_400_000;
const AT = { list: 'http://ca.example/one.crl', certificate: 'http://ca.example/one.crt' };

interface Verifier {
  name: string;
  command: string;
  /** compiles what has to be compiled; gives what to run */
  prepare(folder: string): Promise<string[]>;
}

const GO: Verifier = {
  name: 'Go',
  command: existing('go', '/usr/local/go/bin/go'),
  prepare: async (folder) => {
    await writeFile(join(folder, 'verify.go'), GO_PROGRAM);
    const binary = join(folder, 'verify');
    const env = { ...process.env, GOCACHE: join(folder, 'go-cache'), GOFLAGS: '-mod=mod', GO111MODULE: 'off' };
    await run(GO.command, ['build', '-o', binary, join(folder, 'verify.go')], { env });
    return [binary];
  },
};
const JAVA: Verifier = {
  name: 'Java',
  command: existing('java'),
  prepare: async (folder) => {
    await writeFile(join(folder, 'Verify.java'), JAVA_PROGRAM);
    return [JAVA.command, join(folder, 'Verify.java')];
  },
};

/** The first command that can be run. Without any, the first one: what runs it then says that it is missing. */
function existing(...commands: [string, ...string[]]): string {
  const works = (command: string) => spawnSync(command, ['version']).error === undefined;
  return commands.find(works) ?? commands[0];
}

const SUBJECTS = [
  'CN=importer+OU=night shift,O=Müller\\, Söhne \\+ Co.',
  'CN=a+OU=b+serialNumber=12,O=Multi valued',
  'CN=a,O=\\ b\\ ',
  'CN=Müller\\, Söhne \\+ Co.,O=Łódź 運送,C=PL',
  'CN=\\#hash\\;semi\\"quote\\\\back,O=x',
  '1.2.3.4.5=x,organizationIdentifier=PSDPL-1,CN=y',
];

let folder: string;
let root: Root;
let authority: Signer;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'other-verifiers-'));
  root = await createTestRoot(new Date(Date.now() - DAY_MS));
  const sha256 = (der: Buffer) => createHash('sha256').update(der).digest('hex');
  const key = await createAuthorityKey(new KeyEncryptionKey(randomBytes(32)), sha256);
  const content = {
    serial: randomSerial(),
    subject: authorityName('Spec Löschgruppe, sandbox + clients', 'Spec "Platform"'),
    publicKey: key.publicKey,
    notBefore: root.certificate.notBefore,
    notAfter: new Date(Date.now() + 1_000 * DAY_MS),
    extensions: intermediateExtensions(AT),
  };
  authority = { certificate: parseCertificate(await signedCertificate(content, root)), privateKey: key.privateKey };
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function leaf(subject: string = SUBJECTS[0]!): Promise<Buffer> {
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const order = {
    environment: 'sandbox' as const,
    csr: Buffer.alloc(0),
    publicKey: publicKey.export({ type: 'spki', format: 'der' }),
    subject,
    names: [{ kind: 'uri' as const, value: 'urn:partner-ecosystem:client:cli_1' }],
    notBefore: new Date(),
    notAfter: new Date(Date.now() + 30 * DAY_MS),
  };
  return issueCertificate(order, authority, AT);
}

async function place(der: Buffer, revoked: string[], ofRoot: string[] = []): Promise<void> {
  const now = new Date();
  const entry = (serial: string) => ({ serial, revokedAt: now, reason: 'key_compromise' as const });
  const dates = { number: 300n, thisUpdate: now, nextUpdate: new Date(now.getTime() + DAY_MS) };
  const files: Record<string, string | Buffer> = {
    'root.pem': root.certificate.pem,
    'intermediate.pem': authority.certificate.pem,
    'leaf.pem': pemBlock('CERTIFICATE', der),
    'root.crl': await rootList(root, { days: 365, now, revoked: ofRoot.map(entry) }),
    'intermediate.crl': await signedCrl({ ...dates, revoked: revoked.map(entry) }, authority),
  };
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
}

describe.each([GO, JAVA])('$name, asked for TLS clients with revocation', (verifier) => {
  let program: string[];
  beforeAll(async () => {
    program = await verifier.prepare(folder);
  });

  const verdict = async () => {
    const [command, ...rest] = program;
    return (await run(command!, [...rest, folder])).stdout.trim();
  };

  it('accepts a certificate that was issued', async () => {
    await place(await leaf(), [randomSerial()]);
    expect(await verdict()).toBe('ACCEPTED');
  });

  it('refuses one that is on the list, and every one below an authority that is on the root’s', async () => {
    const der = await leaf();
    await place(der, [randomSerial(), parseCertificate(der).serial]);
    expect(await verdict()).toMatch(/^REFUSED.*revoked/i);
    await place(der, [], [authority.certificate.serial]);
    expect(await verdict()).toMatch(/^REFUSED.*revoked/i);
  });
});

describe('openssl, asked for TLS clients with revocation', () => {
  const verdict = async (der: Buffer, revoked: string[], ofRoot: string[] = []) => {
    await place(der, revoked, ofRoot);
    const lists = ['root.crl', 'intermediate.crl'].map((name) => readFile(join(folder, name)));
    return opensslVerify({
      leaf: der,
      intermediates: [authority.certificate.der],
      anchors: [root.certificate.der],
      crls: await Promise.all(lists),
      revocation: 'all',
      now: new Date(),
    });
  };

  it.each(SUBJECTS)('accepts a certificate that was issued to %s', async (subject) => {
    expect(await verdict(await leaf(subject), [randomSerial()])).toEqual({ accepted: true, reason: 'OK' });
  });

  it('refuses one that is on the list, and every one below an authority that is on the root’s', async () => {
    const der = await leaf();
    const refused = { accepted: false, reason: expect.stringContaining('certificate revoked') as string };
    expect(await verdict(der, [randomSerial(), parseCertificate(der).serial])).toEqual(refused);
    expect(await verdict(der, [], [authority.certificate.serial])).toEqual(refused);
  });
});
