import { Injectable } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import type { RemoteKeys } from '@partner-ecosystem/mtls-binding';
import { ISSUER_KEYS } from '../issuer/issuer.module.js';
import { RegistryError } from '../problems/registry-error.js';
import type { SigningAlgorithm } from '../records/resource-server.entity.js';

/** jose's, for a set without a key of the algorithm, and for one with several of them. */
const NONE = 'ERR_JWKS_NO_MATCHING_KEY';
const SEVERAL = 'ERR_JWKS_MULTIPLE_MATCHING_KEYS';

/** How the issuer signs tokens, as the keys that it publishes say. */
@Injectable()
export class OfferedAlgorithms {
  // The guard's own keys, wherever in the process it has them: nobody asks the issuer twice.
  constructor(private readonly modules: ModuleRef) {}

  /** @throws RegistryError `algorithm_not_offered`, also when the issuer's keys cannot be had */
  async assertOffered(algorithm: SigningAlgorithm): Promise<void> {
    const keys = this.modules.get<RemoteKeys>(ISSUER_KEYS, { strict: false });
    try {
      await keys({ alg: algorithm }, { payload: '', signature: '' });
    } catch (error) {
      const { code } = error as { code?: unknown };
      if (code === SEVERAL) return;
      const detail =
        code === NONE
          ? 'The token service publishes no key of this algorithm: nobody could obtain a token for this resource server, the registry neither.'
          : 'Which algorithms the token service has keys of cannot be seen now. Try again shortly.';
      throw RegistryError.ofField('algorithm_not_offered', '/signing_alg', detail);
    }
  }
}
