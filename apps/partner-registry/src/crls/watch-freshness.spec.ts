import { mintCertificate, mintCrl, type Minted } from '@partner-ecosystem/test-pki';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startRegistry } from '../registry.testing.js';
import { nextAttempt, nextFetch } from './fetch-times.js';
import { freshnessOf } from './freshness.js';
import { Scene, startListServer, type ListServer } from './crls.testing.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const at = (ms: number) => new Date(Date.UTC(2030, 0, 1) + ms);

describe('how fresh a list is', () => {
  const list = { this_update: at(0), next_update: at(100 * MINUTE), uri: 'http://crl.example/x', failures: 0 };

  it.each<[string, object, number, string]>([
    ['asked for and answered', {}, 94, 'fresh'],
    ['asked for and answered, in its last moments', {}, 96, 'due'],
    ['asked for in vain', { failures: 1 }, 74, 'fresh'],
    ['asked for in vain, in its last quarter', { failures: 1 }, 76, 'due'],
    ['brought by hand, in its last quarter', { uri: null }, 76, 'due'],
    ['at its end', {}, 100, 'due'],
    ['past its end', {}, 101, 'stale'],
    ['none', { this_update: null, next_update: null }, 0, 'missing'],
  ])('%s', (_, changes, minutes, expected) => {
    expect(freshnessOf({ ...list, ...changes }, at(minutes * MINUTE))).toBe(expected);
  });
});

describe('when a place is asked', () => {
  const after = (hours: number, now: number) =>
    (nextFetch({ thisUpdate: at(0), nextUpdate: at(hours * HOUR) }, at(now * HOUR)).getTime() -
      at(now * HOUR).getTime()) /
    HOUR;

  it('at half of a list’s time, then at half of what is left; no oftener than each minute, no rarer than every six hours', () => {
    expect([after(8, 0), after(8, 3), after(8, 4), after(8, 6), after(8, 7.9)]).toEqual([
      4,
      1,
      2,
      1,
      expect.closeTo(0.05),
    ]);
    expect([after(24 * 30, 0), after(8, 7.9999), after(8, 20)]).toEqual([6, 1 / 60, 1 / 60]);
  });

  it('later and later after failures, up to an hour, and not all at once', () => {
    const minutes = (failures: number, random: number) =>
      (nextAttempt(failures, at(0), random).getTime() - at(0).getTime()) / MINUTE;
    expect([1, 2, 3, 4, 7, 8, 500].map((failures) => minutes(failures, 0))).toEqual([1, 2, 4, 8, 60, 60, 60]);
    expect(minutes(1, 1)).toBe(1.25);
  });
});

describe('the running registry', () => {
  let scene: Scene;
  let server: ListServer;
  let root: Minted;
  let number = 0;

  beforeAll(async () => {
    scene = new Scene(await startRegistry());
    server = await startListServer();
  });
  afterAll(async () => {
    await server?.stop();
    await scene?.registry.stop();
  });

  const soon = (left: number) => ({ thisUpdate: new Date(Date.now() - HOUR), nextUpdate: new Date(Date.now() + left) });
  const told = (anchor: string) => scene.events(anchor, /^crl\.(due|stale|missing|fresh)$/);
  const metric = async (name: string, anchor: string) =>
    Number(
      new RegExp(`^${name}\\{.*trust_anchor="${anchor}".*\\} (\\S+)$`, 'm').exec(await scene.registry.metrics())?.[1],
    );

  async function stage(crl_mode: string) {
    root = await mintCertificate({ subject: `CN=Partner Root ${++number}`, authority: true });
    const partner_id = await scene.partner();
    const path = `/${number}.crl`;
    const crl_uris = [server.publish(path, (_, response) => response.writeHead(503).end())];
    return { path, anchor: await scene.anchor(root, { crl_mode, crl_uris, partner_id }) };
  }

  it('tells once that a list is missing, due, out of date, and once that it is fresh again', async () => {
    const { anchor, path } = await stage('soft');
    await scene.eventually(async () => expect(await told(anchor)).toEqual(['crl.missing']));
    server.publish(path, mintCrl({ issuer: root, number: 1, ...soon(20 * HOUR) }));
    await scene.ask(anchor);
    await scene.eventually(async () => expect((await told(anchor)).at(-1)).toBe('crl.fresh'));
    expect(await metric('crl_seconds_to_next_update', anchor)).toBeGreaterThan(19 * 3_600);
    expect(await metric('crl_fetch_failures', anchor)).toBe(0);
    server.publish(path, mintCrl({ issuer: root, number: 2, ...soon(150_000) }));
    await scene.ask(anchor);
    await scene.eventually(async () => expect((await told(anchor)).slice(2)).toEqual(['crl.due']));
    await scene.admin(
      `UPDATE registry.crls SET next_update = now() WHERE 'anc_' || replace(trust_anchor_id::text, '-', '') = $1`,
      [anchor],
    );
    await scene.eventually(async () => expect((await told(anchor)).slice(3)).toEqual(['crl.stale']));
    expect(await metric('crl_seconds_to_next_update', anchor)).toBeLessThan(0);
    server.publish(path, mintCrl({ issuer: root, number: 3, ...soon(20 * HOUR) }));
    await scene.ask(anchor);
    await scene.eventually(async () => expect((await told(anchor)).slice(4)).toEqual(['crl.fresh']));
    await scene.registry.anotherRound();
    expect(await told(anchor)).toHaveLength(5);
    for (const alarm of ['missing', 'due', 'stale']) {
      expect(scene.logged(`"a CRL is ${alarm}"`, anchor)).toMatchObject([{ level: 'error' }]);
    }
  });

  it('does not care about lists where the mode is off', async () => {
    const { anchor } = await stage('off');
    await scene.ask(anchor);
    await scene.registry.anotherRound();
    expect(await told(anchor)).toEqual([]);
  });
});
