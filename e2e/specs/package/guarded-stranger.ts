import { createAuthority, type Authority, type Issued } from '@partner-ecosystem/test-pki';
import { HttpsClient, type Answer } from '../../stack/admin/https-client.js';
import type { FreshProject } from './fresh-project.js';
import { StrangerProcess } from './stranger-process.js';
import { TEST_ISSUER_SCRIPT } from './test-issuer-script.js';

const AUDIENCE = 'https://shipments.example.com';
const SCOPE = 'shipments:read';

interface Grant {
  readonly certificate: Issued;
  readonly clientId?: string;
  readonly scopes?: readonly string[];
}

/** The README's application as a process over real TLS, the library's own test issuer as another, and two partners. */
export class GuardedStranger {
  private constructor(
    private readonly project: FreshProject,
    private readonly authority: Authority,
    private readonly parts: {
      readonly client: HttpsClient;
      readonly issuer: StrangerProcess;
      readonly environment: Record<string, string>;
    },
    readonly partners: { readonly alice: Issued; readonly mallory: Issued },
  ) {}

  static async create(project: FreshProject): Promise<GuardedStranger> {
    const authority = await createAuthority({ name: 'Test CA' });
    const server = await authority.issueServer({ names: ['localhost', '127.0.0.1'] });
    project.write('test-issuer.js', TEST_ISSUER_SCRIPT);
    const issuer = StrangerProcess.start(project.directory, 'test-issuer.js');
    const identity = { chainPem: server.chainPem, privateKeyPem: server.privateKeyPem };
    const url = await issuer.ask<string>({ server: identity, ca: authority.certificatePem });
    const environment = { ISSUER: url, AUDIENCE, ...(await files(project, authority, server)) };
    const client = new HttpsClient(authority.certificatePem);
    const [alice, mallory] = [await clientOf(authority, 'alice'), await clientOf(authority, 'mallory')];
    return new GuardedStranger(project, authority, { client, issuer, environment }, { alice, mallory });
  }

  /** @returns the process and where it listens, once it has heard of revocations */
  async start(script: string): Promise<{ api: StrangerProcess; url: string }> {
    const api = StrangerProcess.start(this.project.directory, script, { ...this.parts.environment, PORT: '0' });
    const [, port] = await api.said(/listening on \S+:(\d+)/);
    await api.said(/revocations: fresh/);
    return { api, url: `https://localhost:${port}` };
  }

  mint({ certificate: { thumbprint }, scopes = [SCOPE], ...grant }: Grant): Promise<string> {
    return this.parts.issuer.ask({
      what: 'mint',
      about: { audience: AUDIENCE, certificate: { thumbprint }, scopes, ...grant },
    });
  }

  revokeClient(clientId: string): Promise<number> {
    return this.parts.issuer.ask({ what: 'revoke', about: { kind: 'client', subject: { client_id: clientId } } });
  }

  /** How many requests to this path the issuer has answered well. */
  requestsOf(path: string): Promise<number> {
    return this.parts.issuer.ask({ what: 'requestsOf', about: path });
  }

  /** A new certificate in the files that the API was started with. */
  async renewOwnCertificate(): Promise<void> {
    await writeOwnCertificate(this.project, this.authority);
  }

  get(url: string, token?: string, identity?: Issued, headers: Record<string, string> = {}): Promise<Answer> {
    return this.parts.client.send({ url, token, identity, headers });
  }

  async stop(): Promise<void> {
    await this.parts.client.close();
    await this.parts.issuer.stop();
  }
}

function clientOf(authority: Authority, name: string): Promise<Issued> {
  return authority.issueClient({ subject: `CN=${name}` });
}

async function files(project: FreshProject, authority: Authority, server: Issued): Promise<Record<string, string>> {
  const others = {
    ISSUER_CA_FILE: authority.certificatePem,
    TLS_CERT_FILE: server.chainPem,
    TLS_KEY_FILE: server.privateKeyPem,
  };
  for (const [name, text] of Object.entries(others)) project.write(name, text);
  const own = await writeOwnCertificate(project, authority);
  return {
    CLIENT_ID: 'cli_shipments',
    ...Object.fromEntries([...Object.keys(others), ...own].map((name) => [name, name])),
  };
}

async function writeOwnCertificate(project: FreshProject, authority: Authority): Promise<string[]> {
  const { chainPem, privateKeyPem } = await clientOf(authority, 'shipments-api');
  project.write('CLIENT_CERT_FILE', chainPem);
  project.write('CLIENT_KEY_FILE', privateKeyPem);
  return ['CLIENT_CERT_FILE', 'CLIENT_KEY_FILE'];
}
