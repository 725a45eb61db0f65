import { setTimeout as sleep } from 'node:timers/promises';
import type { Issued } from '@partner-ecosystem/test-pki';
import { describe, expect, it, vi } from 'vitest';
import type { OnboardedPartner } from '../../stack/admin/onboard-partner.js';
import { textIn } from '../../stack/admin/operator.js';
import { countsOf, Load } from '../token-service/load.js';
import { RotatingServer } from './rotating-server.js';
import { clientCertificate, StackUnderTest } from './stack-under-test.js';

const CALLS_PER_SECOND = 20;

describe('rotation with overlap, under a running load', () => {
  const stack = new StackUnderTest();
  const { operator } = stack;
  let number = 0;

  interface Scene {
    partner: OnboardedPartner;
    server: RotatingServer;
    load: Load;
    next: Issued;
    /** of the next certificate, once it is registered */
    register: (json?: object) => Promise<string>;
  }

  async function setScene(): Promise<Scene> {
    const subject = `CN=rotating-${++number},O=Rotation`;
    const [first, next] = [await clientCertificate(subject), await clientCertificate(subject)];
    const partner = await stack.onboard(first);
    const server = new RotatingServer(stack, partner.clientId, partner.identity);
    const json = { pem: next.certificatePem, replaces: partner.certificateId };
    const register = async (more: object = {}) =>
      textIn(
        await operator.call(`/v1/clients/${partner.clientKey}/certificates`, { json: { ...json, ...more } }, 201),
        'id',
      );
    return { partner, server, next, register, load: new Load(CALLS_PER_SECOND, () => server.call()) };
  }

  const act = async (id: string, action: string, more: object = {}) =>
    (
      await operator.call(
        `/v1/certificates/${id}/${action}`,
        { json: { reason: 'rotation', ...more }, headers: { 'if-match': '*' } },
        200,
      )
    ).body;
  const read = async (id: string) => (await operator.call(`/v1/certificates/${id}`, {}, 200)).body;
  const codesOf = ({ warnings }: Record<string, unknown>) => (warnings as { code: string }[]).map(({ code }) => code);

  /** Each call was answered with 200: nobody was without a token, or had a wrong one, for a moment. */
  function expectNoFailure({ samples }: Load): void {
    const failed = samples.filter(({ status }) => status !== 200);
    expect(
      failed.map(({ error, answer }) => String(error ?? answer?.text)),
      countsOf(samples),
    ).toEqual([]);
  }

  it('by hand: register, activate, switch, see it used, retire the old one; no call fails', async () => {
    const { partner, server, load, next, register } = await setScene();
    const { certificateId: old } = partner;
    load.start();
    await load.answered(CALLS_PER_SECOND);
    const following = await register({ activate: false });
    await act(following, 'activate');
    expect(codesOf(await act(old, 'supersede', { at: new Date(Date.now() + 3_600_000).toISOString() }))).toEqual([
      'successor_unseen',
    ]);
    await load.answered(CALLS_PER_SECOND);
    server.useFromNowOn(next);
    await vi.waitFor(async () => expect((await read(following))['first_seen_at']).not.toBeNull(), {
      timeout: 240_000,
      interval: 100,
    });
    const retired = await act(old, 'supersede');
    expect([retired['status'], codesOf(retired)]).toEqual(['superseded', []]);
    await load.answered(2 * CALLS_PER_SECOND);
    await load.stop();
    expectNoFailure(load);
    const refused = await stack.token(partner.clientId, partner.identity);
    expect([refused.status, stack.refusedBy('token-service', refused)]).toEqual([401, 'certificate_not_registered']);
  });

  it('by dates: the next one counts from its date on, the old one until its own, whoever writes that when', async () => {
    const { partner, server, load, next, register } = await setScene();
    const { certificateId: old } = partner;
    // Far enough from now and from each other for a slow machine to do what comes before each.
    const begins = Date.now() + 20_000;
    const ends = begins + 20_000;
    const following = await register({ activate_at: new Date(begins).toISOString() });
    await act(old, 'supersede', { at: new Date(ends).toISOString() });
    const asked = async () => {
      const early = await stack.token(partner.clientId, next);
      return [early.status, stack.refusedBy('token-service', early)];
    };
    // refused as unknown until the token service has heard of it
    await vi.waitFor(async () => expect(await asked()).toEqual([401, 'certificate_not_yet_active']), {
      timeout: 240_000,
    });
    load.start();
    await sleep(begins - Date.now() + 10); // a real date, in three processes: nobody can set their clocks
    server.useFromNowOn(next);
    await sleep(ends - Date.now() + 10); // the same
    const late = await stack.token(partner.clientId, partner.identity);
    expect(late.status).toBe(401);
    await load.answered(CALLS_PER_SECOND);
    await load.stop();
    expectNoFailure(load);
    const written = { timeout: 240_000, interval: 100 };
    await vi.waitFor(async () => expect((await read(old))['status']).toBe('superseded'), written);
    expect(await read(following)).toMatchObject({ status: 'active', replaces: old });
  });
});
