import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { CertificateAuthority } from '../../records/certificate-authority.entity.js';
import { CertificateAuthorityRepository } from '../../records/certificate-authority.repository.js';

const KEPT_MS = 500;

/**
 * The authorities with their lists, as they were half a second ago at most: whoever fetches lists in a flood costs no
 * database. One that is away does not take the lists away with it: each says itself until when it holds.
 */
@Injectable()
export class PublishedAuthorities {
  readonly #authorities = new CertificateAuthorityRepository();
  #known: readonly CertificateAuthority[] | undefined;
  #readAt = -Infinity;
  #reading: Promise<readonly CertificateAuthority[]> | undefined;

  constructor(private readonly database: DataSource) {}

  /** Oldest first. @throws DatabaseError before the first time that they could be read */
  all(): Promise<readonly CertificateAuthority[]> {
    if (this.#known && performance.now() - this.#readAt < KEPT_MS) return Promise.resolve(this.#known);
    this.#reading ??= this.read().finally(() => (this.#reading = undefined));
    return this.#reading;
  }

  private async read(): Promise<readonly CertificateAuthority[]> {
    try {
      this.#known = await this.current(this.#known ?? []);
    } catch (error) {
      if (!this.#known) throw error;
    }
    this.#readAt = performance.now();
    return this.#known;
  }

  // A list may have megabytes: only what has another version is read.
  private async current(known: readonly CertificateAuthority[]): Promise<CertificateAuthority[]> {
    const rows = await this.#authorities.all(this.database.manager);
    const kept = new Map(known.map((authority) => [`${authority.id} ${authority.version}`, authority]));
    const changed = rows.filter(({ id, version }) => !kept.has(`${id} ${version}`)).map(({ id }) => id);
    const read = changed.length === 0 ? [] : await this.#authorities.withLists(this.database.manager, changed);
    const fresh = new Map(read.map((authority) => [authority.id, authority]));
    return rows.flatMap(({ id, version }) => fresh.get(id) ?? kept.get(`${id} ${version}`) ?? []);
  }
}
