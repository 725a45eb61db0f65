import { describe, expect, it } from 'vitest';
import { bootstrappedFrom } from './bootstrapped.js';

const urls = { resource: 'https://localhost:9445' };
const printed = (clientId: string | null): string =>
  JSON.stringify({
    operator_client_id: 'cli_operator',
    registry_client_id: 'cli_registry',
    resource_servers: [
      { audience: 'https://localhost:8443', client_id: null },
      { audience: urls.resource, client_id: clientId },
    ],
  });

describe('what the bootstrap prints', () => {
  it('names the operator and, for each API, the client it is', () => {
    expect(bootstrappedFrom(printed('cli_api'), urls)).toEqual({
      operatorClientId: 'cli_operator',
      apiClientIds: { 'partner-registry': 'cli_registry', 'resource-api': 'cli_api' },
    });
  });

  it('without a client for the sample API is an error', () => {
    expect(() => bootstrappedFrom(printed(null), urls)).toThrow(expect.objectContaining({ code: 'command_failed' }));
  });
});
