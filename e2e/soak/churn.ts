import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { SWITCHES } from '../drills/revocations/switches.js';
import { Victim } from '../drills/revocations/victim.js';
import { HttpsClient } from '../stack/admin/https-client.js';
import { Operator } from '../stack/admin/operator.js';
import { runCommand } from '../stack/processes/one-shot-command.js';
import type { Stack } from '../stack/start-stack.js';

const SWITCH_EVERY_MS = 2_000;
const ROTATE_EVERY_MS = 60_000;

export interface Changes {
  /** access taken away and given back, in every way there is; certificates replaced among them */
  switched: number;
  /** new signing keys in use */
  rotated: number;
  faults: string[];
}

/** What goes on beside the load: partners lose their access and get it back, and signing keys are rotated. */
export async function churn(stack: Stack, directory: string, until: AbortSignal): Promise<Changes> {
  const changes: Changes = { switched: 0, rotated: 0, faults: [] };
  const client = new HttpsClient(stack.pki.serverAuthority.certificatePem);
  try {
    await Promise.all([
      repeat(SWITCH_EVERY_MS, until, changes, await switching(stack, client, changes)),
      repeat(ROTATE_EVERY_MS, until, changes, async () => {
        const settings = stack.settings['token-service'];
        const logFile = join(directory, 'commands.log');
        await runCommand({ app: 'token-service', command: 'rotate-key', args: ['--force'], settings, logFile });
        changes.rotated += 1;
      }),
    ]);
    return changes;
  } finally {
    await client.close();
  }
}

async function switching(stack: Stack, client: HttpsClient, changes: Changes): Promise<() => Promise<void>> {
  const { urls, operatorClientId: clientId, pki } = stack;
  const operator = new Operator(client, { urls, clientId, identity: pki.operator });
  const granted = { authority: pki.clientAuthority, audience: urls.resource };
  const victim = await Victim.onboard({ operator, client, ...granted, name: 'soak-victim' });
  return async () => {
    const one = SWITCHES[changes.switched % SWITCHES.length]!;
    await one.off(victim, await victim.accessToken());
    await one.on(victim);
    changes.switched += 1;
  };
}

async function repeat(
  everyMs: number,
  until: AbortSignal,
  changes: Changes,
  change: () => Promise<void>,
): Promise<void> {
  for (;;) {
    // first: a standby key that was made just now may not be used yet
    await sleep(everyMs, undefined, { signal: until }).catch(() => undefined);
    if (until.aborted) return;
    await change().catch((error: unknown) =>
      changes.faults.push(error instanceof Error ? error.message : String(error)),
    );
  }
}
