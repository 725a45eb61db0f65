import { APP_NAMES, type AppName, type ListenerPorts } from '../topology.js';

const SUFFIXES: Record<keyof ListenerPorts, string> = { tls: 'PORT', mtls: 'MTLS_PORT', management: 'MANAGEMENT_PORT' };

export interface PortVariable {
  app: AppName;
  listener: keyof ListenerPorts;
  variable: string;
}

/** The nine ports of a stack and the environment variable that sets each, e.g. TOKEN_SERVICE_MTLS_PORT. */
export const PORT_VARIABLES: readonly PortVariable[] = APP_NAMES.flatMap((app) =>
  (['tls', 'mtls', 'management'] as const).map((listener) => ({
    app,
    listener,
    variable: `${app.toUpperCase().replace('-', '_')}_${SUFFIXES[listener]}`,
  })),
);
