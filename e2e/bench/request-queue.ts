/** What each connection sends next, as it goes over the wire. */
export interface RequestQueue {
  /** @param connection its number, which is its partner's too; @param turn how many it sent to this server before */
  request(connection: number, turn: number): string;
}
