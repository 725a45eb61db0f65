import {
  createTestAuthority,
  createTestRoot,
  testAuthorityPolicy,
} from '../certificate-authority/authority.testing.js';
import type { Root } from '../certificate-authority/creation/root.js';
import type { Environment } from '../http/fields.schema.js';
import { AUDIENCE, EVERY_SCOPE, startRegistry, type TestRegistry } from '../registry.testing.js';

/** A registry that issues certificates, its authorities made as the command makes them. */
export interface IssuingRegistry extends TestRegistry {
  root: Root;
  /** uuid of the root as a trust anchor */
  rootAnchor: string;
  /** of another operator than the one who sends whatever names no token */
  second: string;
  secondClientId: string;
}

export async function startIssuingRegistry(
  environments: Environment[] = ['sandbox', 'production'],
): Promise<IssuingRegistry> {
  const certificateAuthority = testAuthorityPolicy();
  const registry = await startRegistry({ certificateAuthority });
  const root = await createTestRoot();
  const encryption = certificateAuthority.keyEncryptionKey;
  let rootAnchor = '';
  for (const environment of environments) {
    rootAnchor = (await createTestAuthority(registry, root, environment, { encryption })).trust_anchor_id;
  }
  const secondClientId = `cli_${'d'.repeat(32)}`;
  const second = await registry.issuer.mint({
    certificate: registry.operator,
    audience: AUDIENCE,
    scopes: EVERY_SCOPE,
    clientId: secondClientId,
  });
  return { ...registry, root, rootAnchor, second, secondClientId };
}
