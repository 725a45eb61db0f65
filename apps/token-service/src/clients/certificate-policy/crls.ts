import { Injectable } from '@nestjs/common';
import { ParsedCrls, type Crl } from '@partner-ecosystem/x509/path';
import { DataSource } from 'typeorm';
import { answeredWithin } from '../../database/answered-within.js';
import { Outage } from '../../database/outage.js';
import { OAuthError } from '../../oauth-error/oauth-error.js';
import { PublishedCrl } from '../../records/published-crl.entity.js';

/** Lists by the SHA-256 of their DER, lower-case hex; all of them, or it rejects. */
export type CrlLookup = (sha256s: readonly string[]) => Promise<ReadonlyMap<string, Crl>>;

// Megabytes, once for each list.
const PATIENCE_MS = 2_000;

/**
 * The CRLs that registrations name, through the view the registry publishes. A list never changes, its name
 * is its hash: what is in memory is never asked for again, also not in an outage.
 */
@Injectable()
export class Crls {
  readonly #parsed = new ParsedCrls();
  readonly #asking = new Map<string, Promise<Crl>>();
  readonly #outage = new Outage();

  constructor(private readonly database: DataSource) {}

  /** Rejects with what the database says, or OAuthError `temporarily_unavailable` for a list that was just replaced. */
  readonly listsOf: CrlLookup = async (sha256s) => {
    const lists = new Map<string, Crl>();
    for (const sha256 of new Set(sha256s)) lists.set(sha256, this.#parsed.get(sha256) ?? (await this.askOnce(sha256)));
    return lists;
  };

  private askOnce(sha256: string): Promise<Crl> {
    const asking = this.#asking.get(sha256) ?? this.ask(sha256).finally(() => this.#asking.delete(sha256));
    this.#asking.set(sha256, asking);
    return asking;
  }

  private async ask(sha256: string): Promise<Crl> {
    const repository = this.database.getRepository(PublishedCrl);
    const row = await this.#outage.attempt(() => answeredWithin(PATIENCE_MS, repository.findOneBy({ sha256 })));
    // The registry tells of its change at any moment; going on without the list would let in whom it names.
    if (!row) throw listReplaced(sha256);
    return this.#parsed.add(row.der);
  }
}

function listReplaced(sha256: string): OAuthError {
  const description = 'The registration of the client is just being changed. Try again shortly.';
  const message = `the CRL ${sha256} is not there any more`;
  return new OAuthError('temporarily_unavailable', 'crl_replaced', message, { description });
}
