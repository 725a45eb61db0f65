import { mkdtempSync, rmSync } from 'node:fs';
import { once } from 'node:events';
import { request as httpsRequest } from 'node:https';
import type { IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { OnboardedPartner } from '../../stack/admin/onboard-partner.js';
import { freePorts } from '../../stack/ports/free-ports.js';
import { startApp, untilReady, type AppProcess } from '../../stack/processes/app-process.js';
import { clientCertificate, StackUnderTest } from './stack-under-test.js';

const BODY = JSON.stringify({ reference: 'GS-1', origin: 'NLRTM', destination: 'SGSIN', weight_kg: 10 });

// a second process of the sample API beside the stack's own, which the other specs need
describe('an app that is told to stop', () => {
  const stack = new StackUnderTest();
  const directory = mkdtempSync(join(tmpdir(), 'partner-ecosystem-graceful-'));
  let partner: OnboardedPartner;
  let app: AppProcess;
  let port: number;

  beforeAll(async () => {
    partner = await stack.onboard(await clientCertificate('CN=patient,O=Graceful stop'));
    const { tls, mtls, management } = (await freePorts())['resource-api'];
    port = mtls;
    const settings = {
      ...stack.running.settings['resource-api'],
      PORT: String(tls),
      MTLS_PORT: String(mtls),
      MANAGEMENT_PORT: String(management),
    };
    app = startApp({ name: 'resource-api', settings, logFile: join(directory, 'resource-api.log') });
    await untilReady(app, `http://127.0.0.1:${management}`, AbortSignal.timeout(300_000));
  });
  afterAll(async () => {
    await app.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  it('finishes the request that is in flight, takes no other one, and ends with code 0', async () => {
    const token = await stack.accessToken(partner);
    const { chainPem: cert, privateKeyPem: key } = partner.identity;
    const inFlight = httpsRequest({
      host: 'localhost',
      port,
      path: '/v1/shipments',
      method: 'POST',
      ca: stack.running.serverCa,
      cert,
      key,
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(BODY),
        // answered as soon as the app has the head of the request: from then on it is in flight
        expect: '100-continue',
      },
    });
    inFlight.flushHeaders();
    await once(inFlight, 'continue');
    const answered = once(inFlight, 'response') as Promise<[IncomingMessage]>;
    inFlight.write(BODY.slice(0, 10));

    process.kill(app.pid, 'SIGTERM');
    await untilRefused(port);
    expect(await Promise.race([app.exited, 'running'])).toBe('running');
    inFlight.end(BODY.slice(10));

    const [answer] = await answered;
    expect([answer.statusCode, answer.headers.connection]).toEqual([201, 'close']);
    expect(JSON.parse(await text(answer))).toMatchObject({ reference: 'GS-1', status: 'booked' });
    expect(await app.exited).toEqual({ code: 0, signal: null });
  });
});

async function untilRefused(port: number): Promise<void> {
  const closed = async () => expect(await accepts(port), `port ${port} still accepts connections`).toBe(false);
  await vi.waitFor(closed, { timeout: 240_000 });
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = connect({ host: '127.0.0.1', port });
    probe.once('connect', () => resolve(true)).once('error', () => resolve(false));
    probe.once('connect', () => probe.destroy());
  });
}
