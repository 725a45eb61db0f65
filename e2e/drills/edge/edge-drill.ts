import { createAuthority } from '@partner-ecosystem/test-pki';
import { setTimeout as sleep } from 'node:timers/promises';
import { HttpsClient } from '../../stack/admin/https-client.js';
import { Operator } from '../../stack/admin/operator.js';
import type { Stack } from '../../stack/start-stack.js';
import { APP_NAMES, type AppName, type StackPorts } from '../../stack/topology.js';
import { Victim } from '../revocations/victim.js';
import { behaveBadly, type BadCallerKit, type Target } from './bad-caller.js';
import { BAD_KINDS } from './bad-kinds.js';
import { HonestCallers, type HonestReport } from './honest-callers.js';
import { connectionsHeld, processState, type ProcessState } from './process-state.js';
import { readRecords, type Records } from './records.js';
import { useUpDescriptors } from './used-up-descriptors.js';

/** At once. Few enough for one address of a trial stack, many enough to show what is kept. */
const BAD_AT_ONCE = 200;
/** One after another to begin with: their handshakes would keep this process busy, and honest callers are in it too. */
const BEGUN_EVERY_MS = 50;
const HONEST_AT_ONCE = 4;
const SAMPLE_EVERY_MS = 250;
const CLOSING_MS = 2_000;
/** Pools and their idle connections need a while to be as small as before. */
const SETTLING_MS = 180_000;

export interface EdgeDrillOptions {
  bad: number;
  targets: readonly Target[];
  ports: StackPorts;
  signal: AbortSignal;
  tell: (done: number) => void;
}

export interface EdgeDrillResult {
  before: Record<AppName, ProcessState>;
  after: Record<AppName, ProcessState>;
  /** MiB */
  peak: Record<AppName, number>;
  /** connections, those of the apps to each other included */
  held: { before: number; after: number };
  records: { before: Records; after: Records };
  letStand: string[];
  /** what did not hold while a process had no descriptor left */
  usedUp: string[];
  honest: HonestReport;
}

/** Sends bad connections and requests of every kind to every listener, while a partner goes on working. */
export async function attackTheEdge(stack: Stack, options: EdgeDrillOptions): Promise<EdgeDrillResult> {
  const onboarding = new HttpsClient(stack.pki.serverAuthority.bundlePem);
  const client = new HttpsClient(stack.pki.serverAuthority.bundlePem);
  const partner = await onboard(stack, onboarding, client);
  await onboarding.close();
  // Its connections are gone on the other side too, and are not counted as the apps’ own.
  await sleep(CLOSING_MS, undefined, { signal: options.signal });
  const kit = {
    serverCa: stack.pki.serverAuthority.bundlePem,
    stranger: await (await createAuthority({ name: 'Strangers' })).issueClient({ subject: 'CN=stranger' }),
  };
  const before = { states: states(stack), held: heldBy(options), records: await readRecords(stack) };
  const peak = new PeakMemory(stack);
  const honest = await HonestCallers.start(client, partner, stack.urls, HONEST_AT_ONCE);
  const letStand = await misbehave(options, kit);
  const report = await honest.stop();
  await client.close();
  const usedUp = await useUpDescriptors(stack, options.ports);
  const left = await settled(stack, options, before);
  return {
    before: before.states,
    after: left.states,
    held: { before: before.held, after: left.held },
    peak: peak.stop(),
    letStand,
    usedUp,
    honest: report,
    records: { before: before.records, after: await readRecords(stack) },
  };
}

/** @param client of the partner; the operator has another one, which is closed before anything is counted */
async function onboard(stack: Stack, onboarding: HttpsClient, client: HttpsClient): Promise<Victim> {
  const access = { urls: stack.urls, clientId: stack.operatorClientId, identity: stack.pki.operator };
  return Victim.onboard({
    operator: new Operator(onboarding, access),
    client,
    authority: stack.pki.clientAuthority,
    audience: stack.urls.resource,
    name: 'honest',
  });
}

/** @returns what no server ended */
async function misbehave({ bad, targets, signal, tell }: EdgeDrillOptions, kit: BadCallerKit): Promise<string[]> {
  const letStand: string[] = [];
  let [next, done] = [0, 0];
  const worker = async (_: unknown, index: number): Promise<void> => {
    await sleep(index * BEGUN_EVERY_MS);
    for (let number = next++; number < bad; number = next++) {
      signal.throwIfAborted();
      const kind = BAD_KINDS[number % BAD_KINDS.length]!;
      // Kinds and listeners differ in number, so that in turn each kind meets each listener.
      const target = targets[(number + Math.floor(number / BAD_KINDS.length)) % targets.length]!;
      await behaveBadly(kind, target, kit).catch((error: Error) => letStand.push(error.message));
      tell(++done);
    }
  };
  await Promise.all(Array.from({ length: Math.min(BAD_AT_ONCE, bad) }, worker));
  return letStand;
}

function heldBy({ targets }: EdgeDrillOptions): number {
  return connectionsHeld(targets.map(({ port }) => port));
}

function states({ pids }: Stack): Record<AppName, ProcessState> {
  return perApp((app) => processState(pids[app]));
}

export function perApp<T>(make: (app: AppName) => T): Record<AppName, T> {
  return Object.fromEntries(APP_NAMES.map((app) => [app, make(app)])) as Record<AppName, T>;
}

/** The state once nothing of the bad ones is left, or as it is when the time is over. */
async function settled(
  stack: Stack,
  options: EdgeDrillOptions,
  before: { states: Record<AppName, ProcessState>; held: number },
): Promise<{ states: Record<AppName, ProcessState>; held: number }> {
  for (
    const deadline = performance.now() + SETTLING_MS;
    ;
    await sleep(SAMPLE_EVERY_MS, undefined, { signal: options.signal })
  ) {
    const [now, held] = [states(stack), heldBy(options)];
    const isClean = APP_NAMES.every((app) => now[app].descriptors <= before.states[app].descriptors);
    if ((isClean && held <= before.held) || performance.now() > deadline) return { states: now, held };
  }
}

class PeakMemory {
  private readonly most: Record<AppName, number> = perApp(() => 0);
  private readonly timer: NodeJS.Timeout;

  constructor(private readonly stack: Stack) {
    this.timer = setInterval(() => this.sample(), SAMPLE_EVERY_MS);
  }

  stop(): Record<AppName, number> {
    clearInterval(this.timer);
    return this.most;
  }

  private sample(): void {
    const now = states(this.stack);
    for (const app of APP_NAMES) this.most[app] = Math.max(this.most[app], now[app].memory);
  }
}
