import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface OpensslVerifyOptions {
  /** each DER */
  leaf: Buffer;
  intermediates: Buffer[];
  anchors: Buffer[];
  now: Date;
  crls?: Buffer[];
  /** `-crl_check` (the leaf alone) or `-crl_check_all`; default: none */
  revocation?: 'leaf' | 'all';
}

export interface OpensslVerdict {
  accepted: boolean;
  /** what openssl wrote, `OK` or its error */
  reason: string;
}

/**
 * The verdict of `openssl verify -purpose sslclient -auth_level 2 -partial_chain`, trusting the anchors given and
 * nothing of the system. Throws an Error when there is no openssl command: a comparison that is skipped proves nothing.
 */
export async function opensslVerify(options: OpensslVerifyOptions): Promise<OpensslVerdict> {
  const folder = await mkdtemp(join(tmpdir(), 'openssl-verify-'));
  try {
    const file = async (name: string, label: string, ders: Buffer[]) => {
      await writeFile(join(folder, name), ders.map((der) => pemBlock(label, der)).join(''));
      return join(folder, name);
    };
    const lists = options.crls ?? [];
    const revocation = { leaf: ['-crl_check'], all: ['-crl_check_all'] };
    return await runOpenssl([
      ...['verify', '-purpose', 'sslclient', '-auth_level', '2', '-partial_chain', '-no-CApath', '-no-CAstore'],
      ...['-attime', String(Math.floor(options.now.getTime() / 1000))],
      ...['-CAfile', await file('anchors.pem', 'CERTIFICATE', options.anchors)],
      ...optional(
        '-untrusted',
        await file('untrusted.pem', 'CERTIFICATE', options.intermediates),
        options.intermediates,
      ),
      ...optional('-CRLfile', await file('lists.pem', 'X509 CRL', lists), lists),
      ...(options.revocation === undefined ? [] : revocation[options.revocation]),
      await file('leaf.pem', 'CERTIFICATE', [options.leaf]),
    ]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function optional(option: string, path: string, content: Buffer[]): string[] {
  return content.length > 0 ? [option, path] : [];
}

function runOpenssl(parameters: string[]): Promise<OpensslVerdict> {
  return new Promise((resolve, reject) => {
    execFile('openssl', parameters, { timeout: 120_000 }, (error, stdout, stderr) => {
      if (error?.code === 'ENOENT') {
        const needed = 'these specs hold our verdicts against it';
        return reject(new Error(`The openssl command is not installed, and ${needed}.`, { cause: error }));
      }
      // 1: could not run as asked; 2: did, and refused
      if (error !== null && error.code !== 2) return reject(new Error(`openssl verify failed: ${stderr}`));
      const reason = /error \d+ at \d+ depth lookup: .*/.exec(stderr)?.[0] ?? stdout.trim().split(': ').at(-1) ?? '';
      return resolve({ accepted: error === null, reason });
    });
  });
}

function pemBlock(label: string, der: Buffer): string {
  const lines = der.toString('base64').replace(/.{1,64}/g, '$&\n');
  return `-----BEGIN ${label}-----\n${lines}-----END ${label}-----\n`;
}
