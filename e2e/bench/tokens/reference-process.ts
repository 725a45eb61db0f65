import { join } from 'node:path';
import { workspaceRoot } from '../../stack/workspace-root.js';
import { Child, type ChildOptions } from '../child.js';
import type { ServerProcess } from '../loaded-server.js';
import type { BalancerSettings } from '../references/balancer.js';
import type { BareSettings } from '../references/bare.js';
import type { LimitSettings } from '../references/limit.js';
import type { PeerSettings } from '../references/peer.js';

/** One of `bench/references`, up. */
export async function startReference(
  settings: LimitSettings | PeerSettings | BareSettings | BalancerSettings,
  options: Pick<ChildOptions, 'core' | 'profile' | 'logFile'>,
): Promise<ServerProcess> {
  const file = join(workspaceRoot(), 'e2e', 'dist', 'bench', 'references', `${settings.kind}.js`);
  const child = Child.start({ file, ...options });
  try {
    const { port } = await child.ask<{ port: number }>(settings);
    return { child, port };
  } catch (error) {
    await child.stop();
    throw error;
  }
}
