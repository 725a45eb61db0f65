import { Injectable } from '@nestjs/common';
import { parseCertificate } from '@partner-ecosystem/x509';
import { parseCrl } from '@partner-ecosystem/x509/path';
import { RegistryError } from '../../problems/registry-error.js';
import type { CertificateAuthority } from '../../records/certificate-authority.entity.js';
import type { Environment } from '../../records/certificate-issuer.js';
import type { PublishedFile } from './published-file.js';
import { PublishedAuthorities } from './published-authorities.js';

/** A revocation has to be seen soon, and a list may be asked for by everybody: proxies keep it half a minute. */
const LIST_MAX_AGE = 30;
const CERTIFICATE_MAX_AGE = 86_400;
const BUNDLE_MAX_AGE = 300;

/** What the authorities publish. Each throws RegistryError `not_found` for what is not there. */
@Injectable()
export class AuthorityFiles {
  constructor(private readonly authorities: PublishedAuthorities) {}

  async list(id: string): Promise<PublishedFile> {
    const { crl, crl_this_update } = await this.authority(id);
    if (!crl || !crl_this_update) throw RegistryError.notFound();
    return { content: crl, type: 'application/pkix-crl', lastModified: crl_this_update, maxAge: LIST_MAX_AGE };
  }

  async certificate(id: string): Promise<PublishedFile> {
    return certificateFile((await this.authority(id)).pem);
  }

  async rootList(spkiSha256: string): Promise<PublishedFile> {
    const content = (await this.ofRoot(spkiSha256)).root_crl;
    const { thisUpdate: lastModified } = parseCrl(content);
    return { content, type: 'application/pkix-crl', lastModified, maxAge: LIST_MAX_AGE };
  }

  async rootCertificate(spkiSha256: string): Promise<PublishedFile> {
    return certificateFile((await this.ofRoot(spkiSha256)).root_pem);
  }

  /** Every authority of an environment that somebody may still need, newest first, then its roots. PEM. */
  async bundle(environment: Environment, now: Date): Promise<PublishedFile> {
    const all = await this.authorities.all();
    const chosen = all.filter((one) => one.environment === environment && one.not_after > now).toReversed();
    if (chosen.length === 0) throw RegistryError.notFound();
    const pems = [...chosen.map(({ pem }) => pem), ...new Set(chosen.map(({ root_pem }) => root_pem))];
    const lastModified = new Date(Math.max(...chosen.map(({ created_at }) => created_at.getTime())));
    const content = Buffer.from(pems.map((pem) => `${pem.trim()}\n`).join(''));
    return { content, type: 'application/x-pem-file', lastModified, maxAge: BUNDLE_MAX_AGE };
  }

  private async authority(id: string): Promise<CertificateAuthority> {
    const found = (await this.authorities.all()).find((authority) => authority.id === id);
    if (!found) throw RegistryError.notFound();
    return found;
  }

  // The newest of those below it: a list of the root is written to all of them.
  private async ofRoot(spkiSha256: string): Promise<CertificateAuthority> {
    const all = await this.authorities.all();
    const found = all.findLast(({ root_pem }) => parseCertificate(root_pem).spkiSha256 === spkiSha256);
    if (!found) throw RegistryError.notFound();
    return found;
  }
}

function certificateFile(pem: string): PublishedFile {
  const { der: content, notBefore: lastModified } = parseCertificate(pem);
  return { content, type: 'application/pkix-cert', lastModified, maxAge: CERTIFICATE_MAX_AGE };
}
