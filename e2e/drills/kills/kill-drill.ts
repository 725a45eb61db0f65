import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { HttpsClient } from '../../stack/admin/https-client.js';
import { Operator } from '../../stack/admin/operator.js';
import type { Stack } from '../../stack/start-stack.js';
import { answerInvariants } from '../invariants/answer-invariants.js';
import { processInvariants } from '../invariants/process-invariants.js';
import type { Invariant } from '../invariants/invariant.js';
import { OBJECT_INVARIANTS } from '../invariants/object-invariants.js';
import { RECORD_INVARIANTS } from '../invariants/record-invariants.js';
import { sqlInvariants } from '../invariants/sql-invariants.js';
import { killReplicas, type Kills } from './killing.js';
import { ReplicaSlot } from './replica-slot.js';
import { Replicas } from './replicas.js';
import { Random } from '../random.js';
import { Writer } from '../writers/writer.js';

const REPLICAS = 3;
const WRITERS = 6;

export interface DrillOptions {
  seed: number;
  kills: number;
  /** of the replicas' logs */
  directory: string;
  signal: AbortSignal;
  tell: (kills: Kills) => void;
}

export interface DrillResult {
  kills: Kills;
  writers: readonly Writer[];
  invariants: Invariant[];
  close(): Promise<void>;
}

/**
 * Replicas of the registry are killed in the middle of mutations and started again, until there were enough kills and
 * every mutation is answered. The stack's own registry is not killed: it answers in the end.
 */
export async function killInTheMiddle(stack: Stack, options: DrillOptions): Promise<DrillResult> {
  const { seed, directory } = options;
  mkdirSync(directory, { recursive: true });
  const failed = new AbortController();
  const signal = AbortSignal.any([options.signal, failed.signal]);
  const settings = stack.settings['partner-registry'];
  const slot = (): ReplicaSlot => new ReplicaSlot({ app: 'partner-registry', settings, directory, signal });
  const replicas = new Replicas(Array.from({ length: REPLICAS }, slot));
  const client = new HttpsClient(stack.pki.serverAuthority.certificatePem);
  const { urls, operatorClientId: clientId, pki, databaseAdminUrl } = stack;
  const operator = new Operator(client, { urls, clientId, identity: pki.operator });
  const desk = (index: number) => ({ authority: pki.clientAuthority, audience: urls.resource, name: `drill-${index}` });
  const writers = Array.from({ length: WRITERS }, (_, index) => {
    const random = new Random(seed * 1_000 + index);
    return new Writer({ ...desk(index), random, partners: [] }, operator, replicas);
  });
  let enough = false;
  const working = Promise.all(writers.map((writer) => writer.work(() => enough, signal)));
  const killing = killReplicas(replicas.slots, { seed, wanted: options.kills, signal }, options.tell);
  try {
    const kills = await Promise.race([killing, working.then(() => killing)]);
    enough = true;
    replicas.add(urls.registry);
    await working;
    const logFiles = (): string[] => readdirSync(directory).map((name) => join(directory, name));
    const sql = sqlInvariants(databaseAdminUrl, [...RECORD_INVARIANTS, ...OBJECT_INVARIANTS]);
    const answers = answerInvariants(writers, databaseAdminUrl, operator);
    const invariants = [...processInvariants(stack, directory, logFiles), ...sql, ...answers];
    return { kills, writers, invariants, close: () => client.close() };
  } catch (error) {
    failed.abort(error);
    await Promise.allSettled([working, killing]);
    await client.close();
    throw error;
  } finally {
    await Promise.all(replicas.slots.map((one) => one.kill()));
  }
}
