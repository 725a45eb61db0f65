import { Injectable } from '@nestjs/common';
import { checkLeaf, type ClientKey, type PassedOverKey } from '@partner-ecosystem/x509';
import type { EntityManager } from 'typeorm';
import { certificateRefused, certificateRevoked } from '../problems/certificate.errors.js';
import { CertificateRepository } from '../records/certificate.repository.js';
import { isRefused } from './judge-certificate.js';
import { PublicKeyRepository } from '../records/public-key.repository.js';
import type { Client } from '../records/client.entity.js';
import { RegistryError } from '../problems/registry-error.js';
import { keysOfMethod } from './client-keys.js';

/** Makes the keys of a client's `jwks` its partner's own, like those of certificates that are uploaded. */
@Injectable()
export class AdoptClientKeys {
  constructor(
    private readonly keys: PublicKeyRepository,
    private readonly certificates: CertificateRepository,
  ) {}

  /**
   * Leaves in the client's `jwks` what its method can use; at least one key must remain. // A42
   * Does not check: keys behind a `jwks_uri`; whoever fetches them asks `public_key_owner`.
   * @returns the keys that were passed over
   * @throws RegistryError `invalid_request`, `certificate_refused`, `certificate_revoked`, `key_in_use`
   */
  async adopt(transaction: EntityManager, client: Client, now: Date): Promise<readonly PassedOverKey[]> {
    if (client.jwks === null) return [];
    const { keys, passedOver } = keysOfMethod(client.jwks, client.token_endpoint_auth_method);
    if (keys.length === 0) throw noneUsable(passedOver);
    if (client.token_endpoint_auth_method === 'self_signed_tls_client_auth') {
      await this.assertSound(transaction, keys, now);
    } else {
      assertToldApart(keys);
    }
    client.jwks = { keys: keys.map(({ jwk }) => jwk) };
    // in one order, so that two who adopt the same keys never wait for each other
    const spkis = [...new Set(keys.map(({ spkiSha256 }) => spkiSha256))].sort();
    for (const spki of spkis) await this.keys.claim(transaction, spki, client.partner_id);
    return passedOver;
  }

  // A13: who signed it does not matter, all else does. One that is not sound now may stand beside one that is: its time
  // may still come, and the token service judges it again when it is presented.
  private async assertSound(transaction: EntityManager, keys: readonly ClientKey[], now: Date): Promise<void> {
    const judged = keys.map(({ certificate }) => checkLeaf(certificate!, now));
    if (judged.every(isRefused)) throw certificateRefused(judged[0]!);
    for (const { certificate } of keys) {
      const same = await this.certificates.findByContents(transaction, certificate!);
      if (same.some(({ status }) => status === 'revoked')) throw certificateRevoked();
    }
  }
}

function noneUsable(passedOver: readonly PassedOverKey[]): RegistryError {
  const errors = passedOver.map(({ at, reason }) => ({ pointer: `/jwks/keys/${at}`, code: 'custom', detail: reason }));
  return new RegistryError('invalid_request', { detail: 'The jwks has no key that its method can use.', errors });
}

// The token service refuses an assertion that several keys could have signed.
function assertToldApart(keys: readonly ClientKey[]): void {
  const names = keys.map(({ kid, algorithms }) => JSON.stringify([kid, algorithms[0]]));
  if (new Set(names).size === names.length) return;
  throw RegistryError.ofField(
    'invalid_request',
    '/jwks/keys',
    'Two keys for one algorithm have the same kid, or none.',
  );
}
