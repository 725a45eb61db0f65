export const APP_NAMES = ['token-service', 'partner-registry', 'resource-api'] as const;
export type AppName = (typeof APP_NAMES)[number];

/** Those that follow the revocations, each as a client of the token service. */
export const GUARDED_APPS = ['partner-registry', 'resource-api'] as const;
export type GuardedApp = (typeof GUARDED_APPS)[number];

/**
 * The listeners of one app: TLS without a client certificate, TLS asking for one, plain management, and of the registry the
 * one without TLS, for CRLs.
 */
export interface ListenerPorts {
  tls: number;
  mtls: number;
  management: number;
  http?: number;
}
export type StackPorts = Record<AppName, ListenerPorts>;

/** Every address anybody needs; without trailing slash. */
export interface StackUrls {
  issuer: string;
  jwks: string;
  /** where client certificates are asked for, as `mtls_endpoint_aliases` names it */
  tokenEndpoint: string;
  registry: string;
  registryPublic: string;
  /** without TLS */
  registryHttp: string;
  resource: string;
  resourcePublic: string;
  management: Record<AppName, string>;
}

export function urlsOf(ports: StackPorts): StackUrls {
  const issuer = https(ports['token-service'].tls);
  const management = (app: AppName) => `http://127.0.0.1:${ports[app].management}`;
  return {
    issuer,
    jwks: `${issuer}/jwks`,
    tokenEndpoint: `${https(ports['token-service'].mtls)}/token`,
    registry: https(ports['partner-registry'].mtls),
    registryPublic: https(ports['partner-registry'].tls),
    registryHttp: `http://localhost:${ports['partner-registry'].http}`,
    resource: https(ports['resource-api'].mtls),
    resourcePublic: https(ports['resource-api'].tls),
    management: {
      'token-service': management('token-service'),
      'partner-registry': management('partner-registry'),
      'resource-api': management('resource-api'),
    },
  };
}

function https(port: number): string {
  return `https://localhost:${port}`;
}
