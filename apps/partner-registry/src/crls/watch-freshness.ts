import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { showIdentifier } from '../identifiers/identifier.js';
import type { ActiveMutation } from '../mutations/words/mutation-context.js';
import { Mutations } from '../mutations/mutations.js';
import { jobContext } from '../operators/job-context.js';
import { ScheduledWork } from '../scheduled-work/scheduled-work.js';
import { freshnessOf } from './freshness.js';
import type { FreshnessAlarm, HeldCrl } from '../records/held-crl.entity.js';
import { HeldCrlRepository } from '../records/held-crl.repository.js';
import { CRL_SETTINGS, type CrlSettings } from '../certificate-paths/crl-settings.js';
import { crlOutput, shownList } from './crl.schema.js';

const EVERY_MS = 2_000;
const MOST_SHOWN = 100;
const WATCHED = `SELECT id FROM registry.trust_anchors WHERE status = 'active' AND crl_mode <> 'off' ORDER BY id`;
const AT_A_TIME = 500;

/** For metrics: of an anchor's lists the one that ends first, and the most failures in a row. */
export interface WatchedAnchor {
  readonly nextUpdate: Date | undefined;
  readonly failures: number;
}

/** Tells once for each list that its successor is due, or that it is out of date, and once when that is over. */
@Injectable()
export class WatchFreshness implements OnModuleInit {
  #watched: ReadonlyMap<string, WatchedAnchor> = new Map();

  constructor(
    private readonly work: ScheduledWork,
    private readonly database: DataSource,
    private readonly mutations: Mutations,
    private readonly held: HeldCrlRepository,
    @Inject(CRL_SETTINGS) private readonly settings: CrlSettings,
  ) {}

  onModuleInit(): void {
    this.work.add({ name: 'watch-crls', everyMs: EVERY_MS, run: (now) => this.watch(now) });
  }

  /** By shown identifier, those that end first; never more than a metric should have labels. */
  get watched(): ReadonlyMap<string, WatchedAnchor> {
    return this.#watched;
  }

  private async watch(now: Date): Promise<void> {
    const anchors = await this.database.query<{ id: string }[]>(WATCHED);
    const all: HeldCrl[] = [];
    for (let from = 0; from < anchors.length; from += AT_A_TIME) {
      const ids = anchors.slice(from, from + AT_A_TIME).map(({ id }) => id);
      const lists = inForce(await this.held.ofAnchors(this.database.manager, ids));
      for (const list of lists) if (changeOf(list, now)) await this.tell(list.id);
      all.push(...lists);
    }
    this.#watched = watchedOf(all);
  }

  private async tell(id: string): Promise<void> {
    const { identity, logger } = this.settings;
    const told = await this.mutations.run(jobContext('watch-crls', identity), async (mutation) => {
      const list = await this.held.lock(mutation.transaction, id);
      const change = list && changeOf(list, mutation.now);
      if (!change) return mutation.routine();
      await this.record(mutation, list, change);
      return { list, change };
    });
    if (!told) return;
    const { trust_anchor_id: anchor, uri, next_update, last_error } = told.list;
    const fields = { trust_anchor: showIdentifier('anc', anchor), uri, next_update, last_error };
    if (told.change === 'fresh') logger.info(fields, 'a CRL is fresh again');
    else logger.error(fields, `a CRL is ${told.change}`);
  }

  private async record(mutation: ActiveMutation, list: HeldCrl, change: Change): Promise<void> {
    list.alarmed = change === 'fresh' ? null : change;
    list.alarmed_for = change === 'fresh' ? null : list.next_update;
    await this.held.save(mutation.transaction, list);
    const data = crlOutput.parse(shownList(list, mutation.now));
    const type = `crl.${change}`;
    mutation.record({ action: type, targets: [data.trust_anchor_id, data.id], after: data, data });
  }
}

type Change = FreshnessAlarm | 'fresh';

// A place that was never asked yet is not missing anything.
function changeOf(list: HeldCrl, now: Date): Change | undefined {
  const freshness = freshnessOf(list, now);
  if (freshness === 'missing' && list.failures === 0) return undefined;
  if (freshness === 'fresh') return list.alarmed === null ? undefined : 'fresh';
  const isTold = list.alarmed === freshness && list.alarmed_for?.getTime() === list.next_update?.getTime();
  return isTold ? undefined : freshness;
}

// One that a later list of the same series, or a later whole list, has followed is asked about no more.
function inForce(lists: readonly HeldCrl[]): HeldCrl[] {
  const latest = new Map<string, number>();
  const time = (list: HeldCrl) => list.this_update?.getTime() ?? 0;
  const key = (list: HeldCrl, scope: string | null) => `${list.trust_anchor_id} ${list.issuer_spki_sha256} ${scope}`;
  for (const list of lists) {
    const series = key(list, list.scope_sha256);
    latest.set(series, Math.max(latest.get(series) ?? 0, time(list)));
  }
  const isFollowed = (list: HeldCrl) =>
    [list.scope_sha256, null].some((scope) => time(list) < (latest.get(key(list, scope)) ?? 0));
  return lists.filter((list) => list.sha256 === null || !isFollowed(list));
}

function watchedOf(lists: readonly HeldCrl[]): ReadonlyMap<string, WatchedAnchor> {
  const anchors = new Map<string, WatchedAnchor>();
  for (const { trust_anchor_id: id, next_update: next, failures } of lists) {
    const known = anchors.get(id);
    const ends = [known?.nextUpdate, next ?? undefined].filter((date) => date !== undefined);
    const first = ends.sort((a, b) => a.getTime() - b.getTime())[0];
    anchors.set(id, { nextUpdate: first, failures: Math.max(known?.failures ?? 0, failures) });
  }
  const endOf = ({ nextUpdate }: WatchedAnchor) => nextUpdate?.getTime() ?? 0;
  const soonest = [...anchors].sort(([, a], [, b]) => endOf(a) - endOf(b)).slice(0, MOST_SHOWN);
  return new Map(soonest.map(([id, watched]) => [showIdentifier('anc', id), watched]));
}
