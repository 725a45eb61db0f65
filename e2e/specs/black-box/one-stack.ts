import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { freePorts } from '../../stack/ports/free-ports.js';
import { startStack, type Stack } from '../../stack/start-stack.js';

/** What the spec files know of the stack that is started once for all of them. */
export interface RunningStack extends Pick<
  Stack,
  'urls' | 'operatorClientId' | 'databaseAdminUrl' | 'settings' | 'logFiles' | 'pids'
> {
  serverCa: string;
  operator: { chainPem: string; privateKeyPem: string; thumbprint: string };
}

declare module 'vitest' {
  export interface ProvidedContext {
    stack: RunningStack;
  }
}

export default async function oneStack(project: TestProject): Promise<() => Promise<void>> {
  const stack = await startStack({
    ports: await freePorts(),
    directory: mkdtempSync(join(tmpdir(), 'partner-ecosystem-e2e-')),
    signal: new AbortController().signal,
  });
  const { urls, operatorClientId, databaseAdminUrl, settings, logFiles, pids } = stack;
  const { chainPem, privateKeyPem, thumbprint } = stack.pki.operator;
  project.provide('stack', {
    urls,
    operatorClientId,
    databaseAdminUrl,
    settings,
    logFiles,
    pids,
    serverCa: stack.pki.serverAuthority.certificatePem,
    operator: { chainPem, privateKeyPem, thumbprint },
  });
  return () => stack.stop();
}
