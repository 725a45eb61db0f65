import { request } from 'node:https';
import { describe, expect, it } from 'vitest';
import { refusingCheck, type LogLine } from '../../stack/log-lines.js';
import { compose, containersOf, docker, EDGE_NETWORK, linesOf, logsOf, PORTS, runOnce } from './compose-stack.js';

const MINUTES = 60_000;

/** Follows what the story says an operator will find in a log. */
function checksPromised(story: string): { app: string; id: string; check: string }[] {
  const promise = /\(the log of ([\w-]+) names the check under (req_\w+): (\w+)\)/g;
  return [...story.matchAll(promise)].map(([, app = '', id = '', check = '']) => ({ app, id, check }));
}

function jsonLines(service: string): LogLine[] {
  return linesOf(logsOf(service))
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as LogLine);
}

function documentationAt(name: string, port: string): Promise<{ status: number | undefined; text: string }> {
  const options = { host: '127.0.0.1', port, servername: name, path: '/docs', headers: { host: `${name}:${port}` } };
  return new Promise((resolve, reject) => {
    const sent = request({ ...options, rejectUnauthorized: false, agent: false }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString()));
      response.on('end', () => resolve({ status: response.statusCode, text }));
    });
    sent.on('error', reject).end();
  });
}

describe('the stack in Docker', () => {
  it.each([
    ['through the balancer, which passes TLS on', 'demo', ''],
    ['through nginx, which ends TLS', 'demo-by-nginx', '-behind-nginx'],
    ['through HAProxy, which ends TLS', 'demo-by-haproxy', '-behind-haproxy'],
  ])('goes through the whole story %s, forged headers included', { timeout: 5 * MINUTES }, (_, caller, suffix) => {
    const { code, stdout, stderr } = runOnce(caller);
    expect(code, `${stdout}${stderr}`).toBe(0);
    expect(stdout).toContain('✓ All as it should be');
    const promised = checksPromised(stdout);
    expect(promised.length).toBeGreaterThan(5);
    for (const app of new Set(promised.map((one) => one.app))) {
      const lines = jsonLines(`${app}${suffix}`);
      for (const { id, check } of promised.filter((one) => one.app === app)) {
        expect(refusingCheck(lines.filter((line) => line['request_id'] === id)), id).toBe(check);
      }
    }
  });

  it.each([
    ['tokens.localhost', PORTS.TOKEN_SERVICE_PORT],
    ['registry.localhost', PORTS.PARTNER_REGISTRY_MTLS_PORT],
    ['shipments.localhost', PORTS.RESOURCE_API_MTLS_PORT],
  ])('shows Swagger UI to a browser on this machine: https://%s:%s/docs', async (name, port) => {
    const { status, text } = await documentationAt(name, port);
    expect(status).toBe(200);
    expect(text).toContain('swagger-ui');
  });

  it.each(['token-service', 'token-service-behind-haproxy'])('%s sees who called, not the proxy', (service) => {
    const addresses = jsonLines(service)
      .filter((line) => line['msg'] === 'request')
      .map((line) => String(line['remote_address']));
    expect(addresses.length).toBeGreaterThan(0);
    expect(
      addresses.filter((address) => address.startsWith(EDGE_NETWORK.slice(0, -1)) && address.endsWith('.2')),
    ).toEqual([]);
  });

  it('T6, T7: an intruder who goes around the proxies is believed by nobody', { timeout: 3 * MINUTES }, () => {
    const apps = ['nginx', 'haproxy'].flatMap((proxy) => [
      `token-service-behind-${proxy}`,
      `resource-api-behind-${proxy}`,
    ]);
    const { code, stdout, stderr } = runOnce('intruder', 'intruder', ...apps.map((app) => `--app=${app}`));
    expect(code, `${stdout}${stderr}`).toBe(0);
    expect(stdout.match(/✓ believes no header/g)).toHaveLength(apps.length);
  });

  it('comes up a second time as it is', { timeout: 3 * MINUTES }, () => {
    const before = containersOf('token-service', 'partner-registry', 'resource-api', 'postgres', 'balancer');
    compose('--profile', 'edge', 'up', '--detach', '--wait');
    expect(containersOf('token-service', 'partner-registry', 'resource-api', 'postgres', 'balancer')).toEqual(before);
  });

  it('comes back after each of its containers was killed once', { timeout: 8 * MINUTES }, () => {
    for (const service of ['postgres', 'token-service', 'partner-registry', 'resource-api', 'balancer']) {
      docker('kill', ...containersOf(service));
      compose('up', '--detach', '--wait');
    }
    // what runs once, from the beginning, on what is already there
    compose('up', '--detach', '--wait', '--force-recreate', 'pki-init', 'seed', 'token-service');
    compose('up', '--detach', '--wait');
    const { code, stdout, stderr } = runOnce('demo');
    expect(code, `${stdout}${stderr}`).toBe(0);
  });
});
