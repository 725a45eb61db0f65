import { DEFAULT_PORTS, SUGGESTED_OFFSET } from './ports/default-ports.js';
import { PORT_VARIABLES } from './ports/port-variables.js';

const ports = PORT_VARIABLES.map(
  ({ app, listener, variable }) => `  ${variable.padEnd(34)} ${DEFAULT_PORTS[app][listener]}`,
).join('\n');

export const HELP = `npm start: the whole stack on this machine, until Ctrl-C.

PostgreSQL, two throwaway certificate authorities, token service, partner registry and the sample API as processes of
their own, an operator and two sample partners. Certificates, keys and an "env" to source are written to .local/.

Environment variables and their defaults:
${ports}
  PORT_OFFSET                        0, added to every port above that is not set itself
  LOCAL_DIRECTORY                    .local
  DATABASE_ADMIN_URL                 none: an embedded PostgreSQL on a free port. Otherwise a PostgreSQL >= 18 with a login
                                     that may create roles and databases; a database of its own is made and dropped

A second one, from another clone: PORT_OFFSET=${SUGGESTED_OFFSET} npm start; a third one: ${2 * SUGGESTED_OFFSET}`;
