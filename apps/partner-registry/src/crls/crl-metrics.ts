import type { INestApplicationContext } from '@nestjs/common';
import { registerLabelledGauges } from '@partner-ecosystem/platform/health';
import { WatchFreshness, type WatchedAnchor } from './watch-freshness.js';

type Registry = Parameters<typeof registerLabelledGauges>[0];

/** Of the anchors whose lists end first, as a replica sees them that does scheduled work. */
export function crlMetrics(registry: Registry, app: INestApplicationContext): void {
  const watch = app.get(WatchFreshness, { strict: false });
  const each = (value: (anchor: WatchedAnchor) => number | undefined) => () => {
    const values = [...watch.watched].map(([id, anchor]) => [id, value(anchor)] as const);
    return values.filter((entry): entry is readonly [string, number] => entry[1] !== undefined);
  };
  registerLabelledGauges(registry, [
    {
      name: 'crl_seconds_to_next_update',
      help: 'Seconds until the first of a trust anchor’s CRLs is out of date; negative since it is',
      label: 'trust_anchor',
      values: each(({ nextUpdate }) => nextUpdate && (nextUpdate.getTime() - Date.now()) / 1_000),
    },
    {
      name: 'crl_fetch_failures',
      help: 'Attempts to fetch a CRL of a trust anchor that failed in a row',
      label: 'trust_anchor',
      values: each(({ failures }) => failures),
    },
  ]);
}
