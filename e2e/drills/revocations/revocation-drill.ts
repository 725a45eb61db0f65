import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { HttpsClient } from '../../stack/admin/https-client.js';
import { Operator } from '../../stack/admin/operator.js';
import { runCommand } from '../../stack/processes/one-shot-command.js';
import { startReplica, type Replica } from '../../stack/processes/replica.js';
import type { Stack } from '../../stack/start-stack.js';
import { Random } from '../random.js';
import { BackgroundLoad, type LoadReport } from './background-load.js';
import { REVOKE_ALL_TOKENS, SWITCHES, type Switch } from './switches.js';
import { tryOut, type Trial } from './trial.js';
import { Victim } from './victim.js';

const GUARDS = 3;
const VICTIMS = 6;
const REQUESTS_PER_SECOND = 200;
/** What has just started runs code that is not compiled yet. */
const WARM_UP_MS = 5_000;
/** One in so many takes all tokens of everybody; these are tried one by one, in the end. */
const ALL_TOKENS_EVERY = 40;

export interface RevocationDrillOptions {
  seed: number;
  trials: number;
  /** of the replicas' logs */
  directory: string;
  signal: AbortSignal;
  tell: (done: number) => void;
}

export interface RevocationDrillResult {
  trials: readonly Trial[];
  load: LoadReport;
}

/**
 * Three guards under load; partners' access is taken away in every way there is, and each time the milliseconds are
 * counted until the last guard refuses. Errors: StackError `drill_failed` when a guard lets a token through for good.
 */
export async function switchOff(stack: Stack, options: RevocationDrillOptions): Promise<RevocationDrillResult> {
  mkdirSync(options.directory, { recursive: true });
  const replicas = await startGuards(stack, options);
  const client = new HttpsClient(stack.pki.serverAuthority.certificatePem);
  try {
    const { urls, operatorClientId: clientId, pki } = stack;
    const operator = new Operator(client, { urls, clientId, identity: pki.operator });
    const guards = [urls.resource, ...replicas.map(({ url }) => url)];
    const onboard = (name: string): Promise<Victim> =>
      Victim.onboard({ operator, client, authority: pki.clientAuthority, audience: urls.resource, name });
    const victims = await Promise.all(Array.from({ length: VICTIMS }, (_, index) => onboard(`victim-${index}`)));
    const load = new BackgroundLoad(client, await onboard('bystander'), guards, REQUESTS_PER_SECOND);
    const trials: Trial[] = [];
    try {
      await sleep(WARM_UP_MS, undefined, { signal: options.signal });
      await tryTogether(victims, { client, guards }, options, trials);
      await tryAlone(victims[0]!, stack, { client, guards, load }, options, trials);
    } catch (error) {
      await load.stop();
      throw error;
    }
    return { trials, load: await load.stop() };
  } finally {
    await client.close();
    await Promise.all(replicas.map(({ process }) => process.stop()));
  }
}

async function startGuards(stack: Stack, { directory, signal }: RevocationDrillOptions): Promise<Replica[]> {
  const settings = stack.settings['resource-api'];
  const replicas: Replica[] = [];
  while (replicas.length < GUARDS - 1) {
    replicas.push(await startReplica({ app: 'resource-api', settings, directory, signal }));
  }
  return replicas;
}

interface Scene {
  client: HttpsClient;
  guards: readonly string[];
}

/** The victims have nothing to do with one another: they are switched off at the same time. */
async function tryTogether(
  victims: readonly Victim[],
  scene: Scene,
  { seed, trials: wanted, signal, tell }: RevocationDrillOptions,
  trials: Trial[],
): Promise<void> {
  const random = new Random(seed);
  // every kind, however few trials there are
  const kinds = Array.from({ length: together(wanted) }, (_, index) => SWITCHES[index] ?? random.pick(SWITCHES));
  const work = async (victim: Victim): Promise<void> => {
    for (let one: Switch | undefined; (one = kinds.shift());) {
      signal.throwIfAborted();
      tell(trials.push(await tryOut(one, victim, scene)));
      await one.on(victim);
    }
  };
  await Promise.all(victims.map(work));
}

function together(wanted: number): number {
  return wanted - Math.ceil(wanted / ALL_TOKENS_EVERY) - 1;
}

/** What takes the tokens of everybody; the key last, because its successor may take a while. */
async function tryAlone(
  victim: Victim,
  stack: Stack,
  { load, ...scene }: Scene & { load: BackgroundLoad },
  { trials: wanted, signal, tell, directory }: RevocationDrillOptions,
  trials: Trial[],
): Promise<void> {
  while (trials.length < wanted - 1) {
    signal.throwIfAborted();
    load.expectRefusals();
    tell(trials.push(await tryOut(REVOKE_ALL_TOKENS, victim, scene)));
    load.renewToken();
  }
  const off: Switch['off'] = async (_, token) => {
    const text = await runCommand({
      app: 'token-service',
      command: 'distrust-key',
      args: [`--kid=${keyIdOf(token)}`],
      settings: stack.settings['token-service'],
      logFile: join(directory, 'commands.log'),
    });
    return { call: { url: 'distrust-key' }, status: 200, headers: {}, body: {}, text };
  };
  load.expectRefusals();
  tell(trials.push(await tryOut({ kind: 'signing key distrusted', off }, victim, scene)));
}

function keyIdOf(token: string): string {
  const header = JSON.parse(Buffer.from(token.split('.')[0]!, 'base64url').toString()) as { kid: string };
  return header.kid;
}
