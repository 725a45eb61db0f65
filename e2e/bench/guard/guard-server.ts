import { join } from 'node:path';
import { workspaceRoot } from '../../stack/workspace-root.js';
import { Child } from '../child.js';
import type { Cores } from '../cores.js';
import type { ServerProcess } from '../loaded-server.js';
import type { Identities } from './identities.js';

export interface ServerKind {
  readonly guard: 'open' | 'guarded' | 'public' | 'jose';
  readonly framework: 'fastify' | 'express';
  readonly certificateFrom: 'socket' | 'header';
}

export interface Issuer {
  readonly issuer: string;
  readonly jwksUri: string;
}

export interface Surroundings {
  readonly identities: Identities;
  readonly issuer: Issuer;
  readonly audience: string;
  readonly cores: Cores | undefined;
  /** folder for CPU profiles */
  readonly profiles: string | undefined;
}

/** One of `libs/mtls-binding/bench`, which this project may not import. */
export function guardProgram(name: 'serve' | 'issue'): string {
  return join(workspaceRoot(), 'libs', 'mtls-binding', 'out-tsc', 'bench', `${name}.js`);
}

/** The small API with a guard or without one. @param name of its profile */
export async function startGuardServer(
  kind: ServerKind,
  name: string,
  { identities, issuer, audience, cores, profiles }: Surroundings,
): Promise<ServerProcess> {
  const profile = profiles === undefined ? undefined : { directory: profiles, name };
  const child = Child.start({ file: guardProgram('serve'), core: cores?.server, profile });
  try {
    const { ca, server, api } = identities;
    const settings = { ...kind, ...issuer, audience, ca, identity: pemOf(server), client: pemOf(api) };
    const { port } = await child.ask<{ port: number }>(settings);
    return { child, port };
  } catch (error) {
    await child.stop();
    throw error;
  }
}

function pemOf({ chainPem, privateKeyPem }: Identities['server']): object {
  return { chainPem, privateKeyPem };
}
