import type { StackPorts } from '../topology.js';

/** Where `npm start` listens unless told otherwise. */
export const DEFAULT_PORTS: StackPorts = {
  'token-service': { tls: 8443, mtls: 9443, management: 9081 },
  'partner-registry': { tls: 8444, mtls: 9444, management: 9082, http: 8084 },
  'resource-api': { tls: 8445, mtls: 9445, management: 9083 },
};

/** What to try for PORT_OFFSET: no port of a stack moved by one multiple is a port of a stack moved by another one. */
export const SUGGESTED_OFFSET = 300;
