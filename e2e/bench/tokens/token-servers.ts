import { X509Certificate } from 'node:crypto';
import { join } from 'node:path';
import { SHIPMENT_SCOPES } from '../../stack/stack-files.js';
import type { Settings } from '../../stack/app-settings.js';
import type { Bench } from '../experiment.js';
import { LoadedServer, type Load, type ServerProcess } from '../loaded-server.js';
import type { LimitSettings } from '../references/limit.js';
import { Handshakes } from './handshakes.js';
import { startReference } from './reference-process.js';
import { tokenRequests } from './token-requests.js';
import type { TokenScene } from './token-scene.js';
import { startTokenService } from './token-service-process.js';

export type Signing = Pick<LimitSettings, 'signing' | 'encoding'>;

export const SIGNINGS: readonly Signing[] = [
  { signing: 'in place', encoding: 'ieee-p1363' },
  { signing: 'in place', encoding: 'der' },
  { signing: 'thread pool', encoding: 'ieee-p1363' },
  { signing: 'thread pool', encoding: 'der' },
];

/** Whatever issues tokens to the partners of the scene, on the server's core, with a connection for each partner. */
export class TokenServers {
  constructor(
    private readonly scene: TokenScene,
    private readonly bench: Pick<Bench, 'cores' | 'profiles'>,
  ) {}

  readonly ours = async (name: string): Promise<LoadedServer> => this.loaded(await this.startOurs(name));

  readonly peer = async (name: string): Promise<LoadedServer> => {
    const { stack, partners } = this.scene;
    const clients = partners.map(({ clientId, identity }) => ({
      clientId,
      subject: new X509Certificate(identity.der).subject,
    }));
    const settings = {
      kind: 'peer' as const,
      server: pemOf(stack.pki.server),
      clients,
      scopes: SHIPMENT_SCOPES,
      clientCa: stack.pki.clientAuthority.certificatePem,
      audience: stack.urls.resource,
    };
    return this.loaded(await startReference(settings, this.placeOf(name)));
  };

  limit(signing: Signing): (name: string) => Promise<LoadedServer> {
    return async (name) => this.loaded(await this.startLimit(signing, name));
  }

  startLimit(signing: Signing, name: string): Promise<ServerProcess> {
    const settings = { kind: 'limit' as const, server: pemOf(this.scene.stack.pki.server), ...signing };
    return startReference(settings, this.placeOf(name));
  }

  startBare(name: string): Promise<ServerProcess> {
    return startReference({ kind: 'bare', server: pemOf(this.scene.stack.pki.server) }, this.placeOf(name));
  }

  startOurs(name: string, overriding: Settings = {}, file?: string): Promise<ServerProcess> {
    const { stack, directory } = this.scene;
    const settings = stack.settings['token-service'];
    const { core, profile } = this.placeOf(name);
    return startTokenService({ settings, overriding, directory, name, core, profile, ...(file && { file }) });
  }

  loaded(server: ServerProcess): LoadedServer {
    return new LoadedServer(server, this.load);
  }

  handshakesOf(server: ServerProcess): Handshakes {
    return new Handshakes(server, this.load.identities, this.load.ca);
  }

  get partners(): TokenScene['partners'] {
    return this.scene.partners;
  }

  /** A connection for each partner, which asks for tokens. */
  get load(): Load {
    const { stack, partners } = this.scene;
    const clientIds = partners.map(({ clientId }) => clientId);
    const identities = partners.map(({ identity }) => identity);
    return {
      remembered: true,
      identities,
      ca: stack.pki.serverAuthority.certificatePem,
      queue: tokenRequests(clientIds, '/token'),
    };
  }

  private placeOf(name: string) {
    const { cores, profiles } = this.bench;
    const profile = profiles === undefined ? undefined : { directory: profiles, name };
    return { core: cores?.server, profile, logFile: join(this.scene.directory, `${name}.log`) };
  }
}

function pemOf({ chainPem, privateKeyPem }: { chainPem: string; privateKeyPem: string }) {
  return { chainPem, privateKeyPem };
}
