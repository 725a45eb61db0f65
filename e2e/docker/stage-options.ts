import type { ComposeStageOptions } from './compose-stage.js';

const text = { type: 'string' } as const;

/** What every caller inside Docker is told; for `parseArgs`. */
export const STAGE_OPTIONS = {
  secrets: text,
  'server-ca': text,
  issuer: text,
  'token-endpoint': text,
  registry: text,
  'registry-public': text,
  'registry-http': text,
  resource: text,
  'resource-public': text,
} as const;

type Name = keyof typeof STAGE_OPTIONS;

/** Errors: with the names of those that are missing. */
export function stageOptionsFrom(values: Partial<Record<Name, string | undefined>>): ComposeStageOptions {
  const missing = Object.keys(STAGE_OPTIONS).filter((name) => !values[name as Name]);
  if (missing.length > 0) throw new Error(`Missing: ${missing.map((name) => `--${name}`).join(', ')}.`);
  const given = values as Record<Name, string>;
  return {
    secrets: given.secrets,
    serverCa: given['server-ca'],
    urls: {
      issuer: given.issuer,
      tokenEndpoint: given['token-endpoint'],
      registry: given.registry,
      registryPublic: given['registry-public'],
      registryHttp: given['registry-http'],
      resource: given.resource,
      resourcePublic: given['resource-public'],
    },
  };
}
