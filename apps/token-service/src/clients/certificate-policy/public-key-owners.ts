import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { answeredWithin } from '../../database/answered-within.js';
import { isOutage } from '../../database/is-outage.js';
import type { KeyOwner, KeyOwnerLookup } from './assert-own-key.js';
import { KeyOwnerMemory } from './key-owner-memory.js';
import { PublicKeyOwner } from '../../records/public-key-owner.entity.js';

// One row by its key. Together with marking an assertion as used, no answer takes three seconds.
const PATIENCE_MS = 1_000;

/** Whose public keys are, through the view the registry publishes. */
@Injectable()
export class PublicKeyOwners {
  readonly #memory: KeyOwnerMemory;

  constructor(private readonly database: DataSource) {
    this.#memory = new KeyOwnerMemory((spkiSha256) => this.read(spkiSha256), { isOutage });
  }

  /** Rejects with what the database says once the last answer is too old. */
  readonly ownerOf: KeyOwnerLookup = (spkiSha256) => this.#memory.ownerOf(spkiSha256);

  private async read(spkiSha256: string): Promise<KeyOwner | undefined> {
    const reading = this.database.getRepository(PublicKeyOwner).findOneBy({ spkiSha256 });
    return (await answeredWithin(PATIENCE_MS, reading)) ?? undefined;
  }
}
