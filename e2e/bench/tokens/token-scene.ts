import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HttpsClient } from '../../stack/admin/https-client.js';
import { onboardPartner, type OnboardedPartner } from '../../stack/admin/onboard-partner.js';
import { Operator } from '../../stack/admin/operator.js';
import { freePorts } from '../../stack/ports/free-ports.js';
import { SHIPMENT_SCOPES } from '../../stack/stack-files.js';
import { startStack, type Stack } from '../../stack/start-stack.js';
import type { Bench } from '../experiment.js';

/** The stack with one partner for each connection. Everything in it has the generator's core. */
export interface TokenScene {
  readonly stack: Stack;
  readonly partners: readonly OnboardedPartner[];
  /** its own, for logs */
  readonly directory: string;
}

/** Starts it, hands it out, and leaves nothing behind. */
export async function onTokenScene<T>(
  { signal, say }: Pick<Bench, 'signal' | 'say'>,
  partners: number,
  use: (scene: TokenScene) => Promise<T>,
): Promise<T> {
  const directory = mkdtempSync(join(tmpdir(), 'partner-ecosystem-bench-'));
  try {
    say('PostgreSQL, the three apps …');
    const stack = await startStack({ ports: await freePorts(), directory: join(directory, 'stack'), signal });
    try {
      const logs = join(directory, 'logs');
      mkdirSync(logs);
      const scene = { stack, directory: logs, partners: await onboard(stack, partners) };
      return await Promise.race([use(scene), stack.failed]);
    } finally {
      await stack.stop();
    }
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

async function onboard({ urls, operatorClientId, pki }: Stack, count: number): Promise<OnboardedPartner[]> {
  const client = new HttpsClient(pki.serverAuthority.certificatePem);
  try {
    const operator = new Operator(client, { urls, clientId: operatorClientId, identity: pki.operator });
    const onboarded: OnboardedPartner[] = [];
    while (onboarded.length < count) {
      const slug = `bench-${onboarded.length}`;
      const certificate = await pki.clientAuthority.issueClient({ subject: `CN=${slug}` });
      const names = { slug, legalName: `Benchmark ${onboarded.length} Ltd`, clientName: 'Benchmark' };
      const granted = { audience: urls.resource, scopes: SHIPMENT_SCOPES };
      onboarded.push(await onboardPartner(operator, { ...names, certificate, ...granted }));
    }
    return onboarded;
  } finally {
    await client.close();
  }
}
