import { setTimeout as sleep } from 'node:timers/promises';
import type { HttpsClient } from '../../stack/admin/https-client.js';
import { StackError } from '../../stack/stack-error.js';
import type { Switch } from './switches.js';
import type { Victim } from './victim.js';

/** A guard that has not refused by then is taken to have heard nothing. */
const PATIENCE_MS = 10_000;
const PAUSE_MS = 2;
const RETRY_MS = 300;

export interface Trial {
  kind: string;
  /** from the answer that told it was done to the last guard's first refusal */
  lastRefusalMs: number;
  /** of the feed, as the answer named it; undefined where the answer has no place for it */
  seq: number | undefined;
}

/**
 * Takes access away from a victim that every guard serves, and waits until every guard refuses it, over the connections
 * that were open before. Errors: StackError `drill_failed` when a guard did not serve it before, or still does.
 */
export async function tryOut(
  { kind, off }: Pick<Switch, 'kind' | 'off'>,
  victim: Victim,
  { client, guards }: { client: HttpsClient; guards: readonly string[] },
): Promise<Trial> {
  const { identity } = victim;
  const status = async (guard: string, token: string): Promise<number> =>
    (await client.send({ url: `${guard}/v1/shipments`, identity, token })).status;
  const token = await tokenEveryGuardServes(kind, victim, guards, status);
  const statusAt = (guard: string): Promise<number> => status(guard, token);
  const done = await off(victim, token);
  const from = performance.now();
  if (done.status !== 200) throw failed(kind, `the switch answered ${done.status}: ${done.text}`);
  const refusals = await Promise.all(guards.map((guard) => firstRefusal(() => statusAt(guard), from)));
  const deaf = guards.find((_, index) => refusals[index] === undefined);
  if (deaf) throw failed(kind, `${deaf} still lets the token through after ${PATIENCE_MS} ms`);
  const seq = done.headers['revocation-seq'];
  return { kind, lastRefusalMs: Math.max(...refusals.map(Number)), seq: seq === undefined ? undefined : Number(seq) };
}

// Cutoffs that follow each other within seconds reach up to six seconds ahead: until then new tokens are refused too.
async function tokenEveryGuardServes(
  kind: string,
  victim: Victim,
  guards: readonly string[],
  status: (guard: string, token: string) => Promise<number>,
): Promise<string> {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    const token = await victim.accessToken();
    const answers = await Promise.all(guards.map((guard) => status(guard, token)));
    if (answers.every((answer) => answer === 200)) return token;
    if (performance.now() > deadline) throw failed(kind, `the guards answer ${answers.join()} to a token that is good`);
    await sleep(RETRY_MS);
  }
}

/** Milliseconds until the first refusal was there. */
async function firstRefusal(status: () => Promise<number>, from: number): Promise<number | undefined> {
  for (;;) {
    const refused = (await status()) === 401;
    const passed = performance.now() - from;
    if (refused) return passed;
    if (passed > PATIENCE_MS) return undefined;
    await sleep(PAUSE_MS);
  }
}

function failed(kind: string, what: string): StackError {
  return new StackError('drill_failed', `${kind}: ${what}`);
}
