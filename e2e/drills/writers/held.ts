/** An object of the registry as a writer knows it from the answers it got. */
export interface Held {
  /** as shown */
  id: string;
  /** where it can be read */
  path: string;
  status: string;
  /** undefined: changed along with something else since it was last shown */
  version: number | undefined;
}

export interface HeldClient extends Held {
  /** all its certificates carry it */
  subject: string;
  certificates: Held[];
  grants: Held[];
}

export interface HeldPartner extends Held {
  clients: HeldClient[];
}

export type Shown = Record<string, unknown>;

/** @param collection such as `/v1/clients` */
export function heldFrom(collection: string, shown: Shown): Held {
  const id = String(shown['id']);
  return { id, path: `${collection}/${id}`, status: String(shown['status']), version: Number(shown['version']) };
}

export function keepUp(held: Held, shown: Shown): void {
  held.status = String(shown['status']);
  held.version = Number(shown['version']);
}

/** Everything below a partner, itself included. */
export function allOf(partner: HeldPartner): Held[] {
  return [partner, ...partner.clients.flatMap((client) => [client, ...client.certificates, ...client.grants])];
}
