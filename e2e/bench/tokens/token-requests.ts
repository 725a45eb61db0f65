import type { RequestQueue } from '../request-queue.js';

/** `POST /token` of each connection's client, the same again and again. */
export function tokenRequests(clientIds: readonly string[], path: string): RequestQueue {
  const requests = clientIds.map((clientId) => tokenRequest(clientId, path));
  return { request: (connection) => requests[connection]! };
}

/**
 * A client drawn from `clients` seeded ones for each request, of those that prove themselves by the connection's certificate.
 * @param idOf the digits of the client with this number, which counts from 1
 */
export function seededClients(clients: number, connections: number, idOf: (number: number) => string): RequestQueue {
  const each = Math.floor(clients / connections);
  return {
    request: (connection) => {
      const number = connection + connections * Math.floor(Math.random() * each);
      return tokenRequest(`cli_${idOf(number === 0 ? connections * each : number)}`, '/token', '');
    },
  };
}

/** As it goes over the wire. */
export function tokenRequest(
  clientId: string,
  path: string,
  scope = '&scope=shipments%3Aread+shipments%3Awrite',
): string {
  const body = `grant_type=client_credentials&client_id=${clientId}${scope}`;
  return (
    `POST ${path} HTTP/1.1\r\nHost: localhost\r\nAccept: application/json\r\nUser-Agent: bench\r\n` +
    `Content-Type: application/x-www-form-urlencoded\r\nContent-Length: ${body.length}\r\n\r\n${body}`
  );
}
