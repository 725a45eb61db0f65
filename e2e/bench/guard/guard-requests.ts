import type { Issued } from '@partner-ecosystem/test-pki';
import type { RequestQueue } from '../request-queue.js';

/** One token for each partner, sent again and again. */
export function knownTokens(tokens: readonly string[]): RequestQueue {
  const requests = tokens.map((token) => requestWith(token));
  return { request: (connection) => requests[connection]! };
}

/** As a proxy sends them: each connection carries every partner in turn, whose certificate stands in a header (RFC 9440). */
export function throughProxy(tokens: readonly string[], partners: readonly Issued[]): RequestQueue {
  const requests = partners.map(({ der }, number) =>
    requestWith(tokens[number]!, `Client-Cert: :${der.toString('base64')}:\r\n`),
  );
  return { request: (connection, turn) => requests[(connection + turn) % requests.length]! };
}

/** A token that no server was sent before. @param tokens of each partner, in the order in which they are sent */
export function newTokens(tokens: readonly (readonly string[])[]): RequestQueue {
  return {
    request: (connection, turn) => {
      const token = tokens[connection]?.[turn];
      if (token === undefined) throw new TypeError('not enough tokens were minted');
      return requestWith(token);
    },
  };
}

function requestWith(token: string, further = ''): string {
  return (
    'GET /shipments HTTP/1.1\r\nHost: localhost\r\nAccept: application/json\r\nUser-Agent: bench\r\n' +
    `Authorization: Bearer ${token}\r\n${further}\r\n`
  );
}
