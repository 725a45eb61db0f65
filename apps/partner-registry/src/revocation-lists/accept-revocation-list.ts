import { Injectable } from '@nestjs/common';
import type { RevocationList } from '@partner-ecosystem/x509/path';
import type { ActiveMutation } from '../mutations/mutation-context.js';
import type { TrustAnchor } from '../trust-anchors/trust-anchor.entity.js';
import { TrustAnchorRepository } from '../trust-anchors/trust-anchor.repository.js';
import { showIdentifier } from '../identifiers/identifier.js';
import { AnchorLists } from './anchor-lists.js';
import { nextFetch } from './fetch-times.js';
import { HeldRevocationList } from './held-revocation-list.entity.js';
import { HeldRevocationListRepository } from './held-revocation-list.repository.js';
import { ListAuthorities } from './list-authorities.js';
import { revocationListOutput, shownList } from './revocation-list.schema.js';
import { assertNotOlder, signerOf, type SoundList } from './verify-revocation-list.js';

/** Puts a list in the place of the one before it, once it is known whose it is. */
@Injectable()
export class AcceptRevocationList {
  constructor(
    private readonly held: HeldRevocationListRepository,
    private readonly lists: AnchorLists,
    private readonly authorities: ListAuthorities,
    private readonly anchors: TrustAnchorRepository,
  ) {}

  /**
   * What follows for clients is judged soon after, client by client: the anchor's generation says that it is owed.
   * @param anchor locked
   * @param placeId the row of the place it was fetched from; undefined: brought by hand
   * @throws RevocationListRefused `unknown_issuer`, `forged`, `older`
   */
  async accept(
    mutation: ActiveMutation,
    anchor: TrustAnchor,
    list: SoundList,
    placeId?: string,
  ): Promise<HeldRevocationList> {
    const { transaction, now } = mutation;
    const signer = signerOf(list, await this.authorities.ofIssuer(transaction, anchor, list, now));
    const before = await this.held.latestOf(transaction, anchor.id, signer.spkiSha256);
    assertNotOlder(list, before);
    const row = placeId
      ? await this.held.lock(transaction, placeId)
      : await this.held.lockByHand(transaction, anchor.id, signer.spkiSha256);
    const namesMore = before?.sha256 !== list.sha256 && (await this.namesMore(mutation, anchor, list, before));
    const isOfAnother = row?.sha256 && row.issuer_spki_sha256 !== signer.spkiSha256;
    if (isOfAnother) await this.held.keepLists(transaction, [row.id]);
    const content = contentOf(list, signer.spkiSha256, now);
    const next = Object.assign(row ?? transaction.create(HeldRevocationList, emptyFor(anchor, now)), content);
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
    list: RevocationList,
    before: HeldRevocationList | null,
  ): Promise<boolean> {
    const held = (await this.lists.heldBy(transaction, [anchor.id])).get(anchor.id) ?? [];
    const earlier = held.find(({ sha256 }) => sha256 === before?.sha256);
    const names = (of: RevocationList | undefined, serial: string) =>
      (of?.revoked.get(serial)?.reason ?? 'removeFromCRL') !== 'removeFromCRL';
    return [...list.revoked.keys()].some((serial) => names(list, serial) && !names(earlier, serial));
  }

  private async record(
    mutation: ActiveMutation,
    anchor: TrustAnchor,
    earlier: HeldRevocationList | null,
    saved: HeldRevocationList,
  ): Promise<void> {
    const shown = (list: HeldRevocationList) => revocationListOutput.parse(shownList(list, mutation.now));
    const after = shown(saved);
    const targets = [showIdentifier('anc', anchor.id), after.id];
    const action = 'revocation_list.accepted';
    mutation.audit({ action, targets, ...(earlier ? { before: shown(earlier) } : {}), after });
    // the others' published rows change with the dates and states that are judged anew
    const clientIds = await this.anchors.identityDependentIds(mutation.transaction, anchor.id);
    mutation.announce({ type: action, data: after, clientIds: anchor.crl_mode === 'off' ? [] : clientIds });
  }
}

function contentOf(list: SoundList, signerKey: string, now: Date): Partial<HeldRevocationList> {
  return {
    issuer_spki_sha256: signerKey,
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

function emptyFor(anchor: TrustAnchor, now: Date): Partial<HeldRevocationList> {
  return { trust_anchor_id: anchor.id, uri: null, attempted_at: now, alarmed: null, alarmed_for: null };
}
