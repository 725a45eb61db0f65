import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readEnvironment } from './environment.js';
import { DEFAULT_PORTS, SUGGESTED_OFFSET } from './ports/default-ports.js';
import { workspaceRoot } from './workspace-root.js';

describe('the environment of npm start', () => {
  it('has the documented ports when nothing is set', () => {
    expect(readEnvironment({})).toEqual({
      ports: DEFAULT_PORTS,
      databaseAdminUrl: undefined,
      localDirectory: '.local',
      noColor: false,
      underNpm: false,
    });
  });

  it('moves every port by PORT_OFFSET, but none that is set itself', () => {
    const { ports } = readEnvironment({ PORT_OFFSET: '1000', RESOURCE_API_MTLS_PORT: '7000' });
    expect(ports).toEqual({
      'token-service': { tls: 9443, mtls: 10443, management: 10081 },
      'partner-registry': { tls: 9444, mtls: 10444, management: 10082, http: 9084 },
      'resource-api': { tls: 9445, mtls: 7000, management: 10083 },
    });
  });

  it('never collides with a stack that is moved by another multiple of what is suggested', () => {
    const owners = new Map<number, number>();
    for (let offset = 0; offset + 9_445 <= 65_535; offset += SUGGESTED_OFFSET) {
      const { ports } = readEnvironment({ PORT_OFFSET: String(offset) });
      for (const port of Object.values(ports).flatMap((listeners) => Object.values(listeners) as number[])) {
        expect(owners.get(port), `port ${port}, offset ${offset}`).toBeUndefined();
        owners.set(port, offset);
      }
    }
    expect(owners.size).toBe(10 * 187);
  });

  it.each(['README.md', 'CONTRIBUTING.md'])('%s suggests the same offset', (document) => {
    const suggested = [...readFileSync(join(workspaceRoot(), document), 'utf8').matchAll(/PORT_OFFSET=(\d+)/g)];
    expect(suggested.map(([, offset]) => Number(offset))).toEqual([SUGGESTED_OFFSET]);
  });

  it('takes an empty variable for one that is not set', () => {
    expect(readEnvironment({ PORT_OFFSET: '', TOKEN_SERVICE_PORT: '', NO_COLOR: '' }).ports).toEqual(DEFAULT_PORTS);
  });

  it.each([
    ['a port that is no number', { TOKEN_SERVICE_PORT: '84x3' }, 'TOKEN_SERVICE_PORT'],
    ['port 0', { RESOURCE_API_PORT: '0' }, 'RESOURCE_API_PORT'],
    ['an offset beyond the last port', { PORT_OFFSET: '60000' }, 'PORT_OFFSET'],
    ['an offset that is no number', { PORT_OFFSET: 'many' }, 'PORT_OFFSET'],
    ['two listeners on one port', { TOKEN_SERVICE_PORT: '9445' }, 'RESOURCE_API_MTLS_PORT and TOKEN_SERVICE_PORT'],
    ['a database that is not PostgreSQL', { DATABASE_ADMIN_URL: 'mysql://a:b@c/d' }, 'DATABASE_ADMIN_URL'],
  ])('refuses %s and names the variable', (_, variables, named) => {
    expect(() => readEnvironment(variables)).toThrow(
      expect.objectContaining({ code: 'environment_invalid', message: expect.stringContaining(named) }),
    );
  });
});
