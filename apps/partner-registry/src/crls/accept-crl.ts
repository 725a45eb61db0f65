import { Injectable } from '@nestjs/common';
import type { Crl } from '@partner-ecosystem/x509/path';
import type { ActiveMutation } from '../mutations/words/mutation-context.js';
import type { TrustAnchor } from '../records/trust-anchor.entity.js';
import { TrustAnchorRepository } from '../records/trust-anchor.repository.js';
import { showIdentifier } from '../identifiers/identifier.js';
import { AnchorLists } from '../judgement/anchor-lists.js';
import { nextFetch } from './fetch-times.js';
import { HeldCrl } from '../records/held-crl.entity.js';
import { HeldCrlRepository, type ListSeries } from '../records/held-crl.repository.js';
import { ListAuthorities } from './list-authorities.js';
import { crlOutput, shownList } from './crl.schema.js';
import { assertNotOlder, signerOf, type SoundList } from './verify-crl.js';

/** Puts a list in the place of the one before it, once it is known whose it is. */
@Injectable()
export class AcceptCrl {
  constructor(
    private readonly held: HeldCrlRepository,
    private readonly lists: AnchorLists,
    private readonly authorities: ListAuthorities,
    private readonly anchors: TrustAnchorRepository,
  ) {}

  /**
   * What follows for clients is judged soon after, client by client: the anchor's generation says that it is owed.
   * @param anchor locked
   * @param placeId the row of the place it was fetched from; undefined: brought by hand
   * @throws CrlRefused `unknown_issuer`, `forged`, `older`
   */
  async accept(mutation: ActiveMutation, anchor: TrustAnchor, list: SoundList, placeId?: string): Promise<HeldCrl> {
    const { transaction, now } = mutation;
    const signer = signerOf(list, await this.authorities.ofIssuer(transaction, anchor, list, now));
    const series = {
      trust_anchor_id: anchor.id,
      issuer_spki_sha256: signer.spkiSha256,
      scope_sha256: list.scopeSha256 ?? null,
    };
    const before = await this.held.latestOf(transaction, series);
    assertNotOlder(list, before);
    const row = placeId ? await this.held.lock(transaction, placeId) : await this.held.lockByHand(transaction, series);
    const namesMore = before?.sha256 !== list.sha256 && (await this.namesMore(mutation, anchor, list, before));
    if (row?.sha256 && !isOfSeries(row, series)) await this.held.keepLists(transaction, [row.id]);
    const next = Object.assign(row ?? transaction.create(HeldCrl, emptyFor(now)), {
      ...series,
      ...contentOf(list, now),
    });
    const saved = await this.held.save(transaction, next);
    await this.held.dropFollowed(transaction, saved);
    if (before?.sha256 !== list.sha256) await this.anchors.raiseCrlGeneration(transaction, anchor.id, namesMore);
    await this.record(mutation, anchor, before, saved);
    return saved;
  }

  // Whoever is known by a certificate that was never registered may be the one it names.
  private async namesMore(
    { transaction }: ActiveMutation,
    anchor: TrustAnchor,
    list: Crl,
    before: HeldCrl | null,
  ): Promise<boolean> {
    const held = (await this.lists.heldBy(transaction, [anchor.id])).get(anchor.id) ?? [];
    const earlier = held.find(({ sha256 }) => sha256 === before?.sha256);
    const names = (of: Crl | undefined, serial: string) =>
      (of?.revoked.get(serial)?.reason ?? 'removeFromCRL') !== 'removeFromCRL';
    return [...list.revoked.keys()].some((serial) => names(list, serial) && !names(earlier, serial));
  }

  private async record(
    mutation: ActiveMutation,
    anchor: TrustAnchor,
    earlier: HeldCrl | null,
    saved: HeldCrl,
  ): Promise<void> {
    const shown = (list: HeldCrl) => crlOutput.parse(shownList(list, mutation.now));
    const after = shown(saved);
    const targets = [showIdentifier('anc', anchor.id), after.id];
    const before = earlier ? { before: shown(earlier) } : {};
    // the others' published rows change with the dates and states that are judged anew
    const dependent = await this.anchors.identityDependentIds(mutation.transaction, anchor.id);
    const clientIds = anchor.crl_mode === 'off' ? [] : dependent;
    mutation.record({ action: 'crl.accepted', targets, ...before, after, clientIds });
  }
}

function isOfSeries(row: HeldCrl, { issuer_spki_sha256: key, scope_sha256: scope }: ListSeries): boolean {
  return row.issuer_spki_sha256 === key && row.scope_sha256 === scope;
}

function contentOf(list: SoundList, now: Date): Partial<HeldCrl> {
  return {
    issuer_dn: list.issuer.text,
    number: list.number ?? null,
    this_update: list.thisUpdate,
    next_update: list.nextUpdate,
    entries: list.revoked.size,
    sha256: list.sha256,
    der: list.der,
    fetched_at: now,
    attempt_after: nextFetch(list, now),
    failures: 0,
    last_error: null,
  };
}

function emptyFor(now: Date): Partial<HeldCrl> {
  return { uri: null, attempted_at: now, alarmed: null, alarmed_for: null };
}
