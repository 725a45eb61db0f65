import type { RequestQueue } from '../request-queue.js';

/** `POST /token` of each connection's client, the same again and again. */
export function tokenRequests(clientIds: readonly string[], path: string): RequestQueue {
  const requests = clientIds.map((clientId) => tokenRequest(clientId, path));
  return { request: (connection) => requests[connection]! };
}

/** As it goes over the wire. */
export function tokenRequest(clientId: string, path: string): string {
  const body = `grant_type=client_credentials&client_id=${clientId}&scope=shipments%3Aread+shipments%3Awrite`;
  return (
    `POST ${path} HTTP/1.1\r\nHost: localhost\r\nAccept: application/json\r\nUser-Agent: bench\r\n` +
    `Content-Type: application/x-www-form-urlencoded\r\nContent-Length: ${body.length}\r\n\r\n${body}`
  );
}
