import { Agent, request } from 'undici';

/** What a server shows of itself: certificate and private key, both PEM. */
export interface Identity {
  chainPem: string;
  privateKeyPem: string;
  /** OpenSSL's; for keys and signatures that a sound client would refuse to show. `DEFAULT@SECLEVEL=0` shows any */
  ciphers?: string;
}

export type Method = 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';

export interface Call {
  method?: Method;
  url: string;
  /** none: no client certificate */
  identity?: Identity | undefined;
  /** sent as `Authorization: Bearer` */
  token?: string | undefined;
  /** the body: one of these at most */
  json?: unknown;
  form?: Record<string, string>;
  pem?: string;
  /** RFC 7396; the method is PATCH unless told otherwise */
  mergePatch?: unknown;
  /** as it is, for what no other member can say */
  raw?: { body: string | Buffer; contentType?: string };
  headers?: Record<string, string>;
}

export interface Answer {
  call: Call;
  status: number;
  headers: Record<string, string>;
  /** the JSON object in the body; empty when the body is something else */
  body: Record<string, unknown>;
  text: string;
}

const TIMEOUT_MS = 120_000;

/** HTTPS with or without a client certificate, trusting one authority; every identity has connections of its own. */
export class HttpsClient {
  private readonly agents = new Map<string, Agent>();
  private opened = 0;

  /** @param connections at most so many per identity and server; as many as needed unless told */
  constructor(
    private readonly serverCa: string,
    private readonly connections: number | null = null,
  ) {}

  /** How many there were so far, of all identities. */
  get connectionsOpened(): number {
    return this.opened;
  }

  async send(call: Call): Promise<Answer> {
    const { body, contentType } = bodyOf(call);
    const answer = await request(call.url, {
      method: methodOf(call),
      dispatcher: this.agentOf(call.identity),
      headers: {
        ...(contentType && { 'content-type': contentType }),
        ...(call.token !== undefined && { authorization: `Bearer ${call.token}` }),
        ...call.headers,
      },
      body: body ?? null,
    });
    const headers = Object.entries(answer.headers).map(([name, value]) => [name, String(value)]);
    const text = await answer.body.text();
    return { call, status: answer.statusCode, headers: Object.fromEntries(headers), text, body: objectIn(text) };
  }

  async close(): Promise<void> {
    await Promise.all([...this.agents.values()].map((agent) => agent.destroy()));
  }

  private agentOf(identity: Identity | undefined): Agent {
    const key = identity?.chainPem ?? '';
    const known = this.agents.get(key);
    if (known) return known;
    const certificate = identity && {
      cert: identity.chainPem,
      key: identity.privateKeyPem,
      ...(identity.ciphers !== undefined && { ciphers: identity.ciphers }),
    };
    const agent = new Agent({
      connect: { ca: this.serverCa, ...certificate },
      connections: this.connections,
      headersTimeout: TIMEOUT_MS,
      bodyTimeout: TIMEOUT_MS,
    });
    agent.on('connect', () => this.opened++);
    this.agents.set(key, agent);
    return agent;
  }
}

export function methodOf(call: Call): Method {
  if (call.method !== undefined) return call.method;
  if (call.mergePatch !== undefined) return 'PATCH';
  return bodyOf(call).body === undefined ? 'GET' : 'POST';
}

function bodyOf({ json, form, pem, mergePatch, raw }: Call): { body?: string | Buffer; contentType?: string } {
  if (json !== undefined) return { body: JSON.stringify(json), contentType: 'application/json' };
  if (form) return { body: new URLSearchParams(form).toString(), contentType: 'application/x-www-form-urlencoded' };
  if (pem !== undefined) return { body: pem, contentType: 'application/x-pem-file' };
  if (mergePatch !== undefined) {
    return { body: JSON.stringify(mergePatch), contentType: 'application/merge-patch+json' };
  }
  return raw ?? {};
}

function objectIn(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
