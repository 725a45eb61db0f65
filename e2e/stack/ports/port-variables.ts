import { APP_NAMES, type AppName, type ListenerPorts, type StackPorts } from '../topology.js';

const SUFFIXES = { tls: 'PORT', mtls: 'MTLS_PORT', management: 'MANAGEMENT_PORT', http: 'HTTP_PORT' } as const;

export interface PortVariable {
  app: AppName;
  listener: keyof ListenerPorts;
  variable: string;
}

/** The ten ports of a stack and the environment variable that sets each, e.g. TOKEN_SERVICE_MTLS_PORT. */
export const PORT_VARIABLES: readonly PortVariable[] = APP_NAMES.flatMap((app) =>
  listenersOf(app).map((listener) => ({
    app,
    listener,
    variable: `${app.toUpperCase().replace('-', '_')}_${SUFFIXES[listener]}`,
  })),
);

export function portOf(ports: StackPorts, { app, listener }: Pick<PortVariable, 'app' | 'listener'>): number {
  return ports[app][listener]!;
}

function listenersOf(app: AppName): (keyof ListenerPorts)[] {
  return app === 'partner-registry' ? ['tls', 'mtls', 'management', 'http'] : ['tls', 'mtls', 'management'];
}
