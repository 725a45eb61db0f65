import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { pageOf, type Page, type PageRequest } from '../http/page.js';
import { OWN_CLIENT_ID } from '../operators/own-client-id.js';
import { countEffects, withJudged } from './count-effects.js';
import type { ClientImpact, ImpactTotals } from './impact.js';
import type { PlannedChange } from './planned-change.js';
import { RehearseChange, type Asker } from './rehearse-change.js';

/** What would break: a page of clients, before the first of which stand the totals of all. */
export interface Impact extends Page<ClientImpact> {
  /** null on later pages: they are the same */
  readonly totals: ImpactTotals | null;
}

// Whoever the rules for operators look at is looked at with every page: either all are refused or none is.
const OPERATORS = (affected: string): string => `
SELECT a.id FROM (${affected}) a WHERE a.id IN (
  SELECT c.id FROM registry.clients c JOIN registry.partners p ON p.id = c.partner_id WHERE p.is_platform
  UNION SELECT c.id FROM registry.clients c WHERE c.client_id = $3
  UNION SELECT g.client_id FROM registry.grants g JOIN registry.resource_servers r ON r.id = g.resource_server_id
   WHERE r.audience = $2) LIMIT 200`;

const PAGE = (affected: string): string => `
SELECT a.id FROM (${affected}) a WHERE ($2::uuid IS NULL OR a.id > $2) ORDER BY a.id LIMIT $3`;

@Injectable()
export class ForeseeImpact {
  constructor(
    private readonly database: DataSource,
    private readonly rehearsals: RehearseChange,
    @Inject(OWN_CLIENT_ID) private readonly ownClientId: string,
  ) {}

  async of(plan: PlannedChange, request: PageRequest, asker: Asker): Promise<Impact> {
    const rows = await this.ids(PAGE(plan.affected), [plan.id, request.after ?? null, request.limit + 1]);
    const { items: shown, next_cursor } = pageOf(rows, request);
    const operators = await this.ids(OPERATORS(plan.affected), [plan.id, asker.actor.audience, this.ownClientId]);
    const looked = new Set([...shown, ...operators].map(({ id }) => id));
    const seen = await this.rehearsals.of(plan, [...looked].sort(), asker);
    const totals = request.after === undefined ? await this.totals(plan, asker) : null;
    return { totals, items: seen.filter(({ client_id: id }) => shown.some((row) => row.id === id)), next_cursor };
  }

  private async totals(plan: PlannedChange, asker: Asker): Promise<ImpactTotals> {
    const now = new Date();
    const { totals, toJudge } = await countEffects(this.database, { ...plan, now });
    const judged = toJudge.length === 0 ? [] : await this.rehearsals.of(plan, toJudge, asker);
    return withJudged(totals, judged, now);
  }

  private ids(sql: string, values: unknown[]): Promise<{ id: string }[]> {
    return this.database.query<{ id: string }[]>(sql, values);
  }
}
