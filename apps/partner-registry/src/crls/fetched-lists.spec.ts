import {
  issuingDistributionPoint,
  mintCertificate,
  mintCrl,
  type Minted,
  type CrlOptions,
} from '@partner-ecosystem/test-pki';
import type { RequestListener } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startRegistry } from '../registry.testing.js';
import { Scene, startListServer, type ListServer } from './crls.testing.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const MODES = ['require', 'soft', 'off'] as const;
const ago = (ms: number) => new Date(Date.now() - ms);
const ahead = (ms: number) => new Date(Date.now() + ms);

let scene: Scene;
let server: ListServer;
let number = 0;

beforeAll(async () => {
  scene = new Scene(await startRegistry());
  server = await startListServer();
});

afterAll(async () => {
  await server?.stop();
  await scene?.registry.stop();
});

async function newRoot() {
  const subject = `CN=Partner Root ${++number}`;
  return { subject, root: await mintCertificate({ subject, authority: true }) };
}
const list = (issuer: Minted, options: Partial<CrlOptions> = {}) => mintCrl({ issuer, ...options });

async function pathEnd(client: string): Promise<number> {
  const [certificate] = (await scene.published(client)).certificates;
  return Date.parse(certificate.path_valid_until);
}

const extension = (oid: string) => ({ oid, critical: true, value: Buffer.from('020101', 'hex') });
const endless: RequestListener = (_, response) => {
  const timer = setInterval(() => response.write(Buffer.alloc(256 * 1_024)), 1); // beyond the limit at once
  response.on('close', () => clearInterval(timer));
};

type Answer = Buffer | RequestListener;

/** What comes from the place instead of the next list, and what is said of it. */
const BAD: [string, string, (root: Minted, name: string) => Promise<Answer> | Answer][] = [
  ['with a forged signature', 'forged', (root) => list(root, { number: 9, forged: true })],
  ['of a namesake', 'forged', async (_, subject) => list(await mintCertificate({ subject, authority: true }))],
  ['of another authority', 'unknown_issuer', async () => list((await newRoot()).root, { number: 9 })],
  ['of its own client', 'unknown_issuer', async (root) => list(await scene.leaf(root), { number: 9 })],
  ['with a weak signature', 'forged', (root) => list(root, { number: 9, scheme: 'SHA-1' })],
  ['that is huge', 'too_large', () => endless],
  ['that never comes', 'unreachable', () => () => undefined],
  ['that is elsewhere', 'redirected', () => (_, response) => response.writeHead(302, { location: '/good' }).end()],
  ['that is not there any more', 'status', () => (_, response) => response.writeHead(404).end()],
  ['that is older', 'older', (root) => list(root, { number: 9, thisUpdate: ago(3 * HOUR) })],
  ['with a lower number', 'older', (root) => list(root, { number: 4, thisUpdate: ago(MINUTE) })],
  ['that is no list', 'malformed', () => Buffer.from('<html>')],
  ['that is cut short', 'malformed', (root) => list(root, { number: 9 }).subarray(0, -40)],
  ['of changes only', 'partial', (root) => list(root, { number: 9, extensions: [extension('2.5.29.27')] })],
  [
    'of attribute certificates',
    'partial',
    (root) => list(root, { number: 9, extensions: [issuingDistributionPoint({ only: 'attributes' })] }),
  ],
  [
    'of the future',
    'future',
    (root) => list(root, { thisUpdate: ahead(HOUR), nextUpdate: ahead(2 * HOUR), number: 9 }),
  ],
  ['without an end', 'dates', (root) => list(root, { number: 9, nextUpdate: null })],
];

describe('a list that cannot take the place of another', () => {
  const stages = new Map<string, Awaited<ReturnType<typeof play>>[]>();

  // several at a time: it is waiting that takes the time
  beforeAll(async () => {
    const waiting = BAD.flatMap(([name, , make]) => MODES.map((mode) => ({ name, mode, make })));
    const playAll = async () => {
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        const played = await play(next.mode, next.make);
        stages.set(next.name, [...(stages.get(next.name) ?? []), played]);
      }
    };
    await Promise.all(Array.from({ length: 8 }, playAll));
  });

  async function play(mode: string, make: (typeof BAD)[number][2]) {
    const { root, subject } = await newRoot();
    const partner = await scene.partner();
    const path = `/${++number}.crl`;
    const crl_uris = [server.publish(path, list(root, { number: 5, thisUpdate: ago(2 * HOUR) }))];
    const anchor = await scene.anchor(root, { crl_mode: mode, crl_uris, partner_id: partner });
    await scene.ask(anchor);
    const client = await scene.client(partner, [anchor]);
    const upload = await scene.upload(client, await scene.leaf(root));
    const [before, endBefore] = [(await scene.lists(anchor))[0], await pathEnd(client)];
    server.publish(path, await make(root, subject));
    await scene.ask(anchor);
    const [after, endAfter] = [(await scene.lists(anchor))[0], await pathEnd(client)];
    server.publish(path, list(root, { number: 10 }));
    await scene.ask(anchor);
    return { anchor, upload, before, endBefore, after, endAfter, mended: (await scene.lists(anchor))[0] };
  }

  it.each(BAD)('%s: the one before stays in force, whatever the mode, and it is said once', (name, code) => {
    expect(stages.get(name)).toHaveLength(3);
    for (const { anchor, upload, before, endBefore, after, endAfter, mended } of stages.get(name)!) {
      expect(upload.status, JSON.stringify(upload.body)).toBe(201);
      expect(before).toMatchObject({ number: '05', freshness: 'fresh', failures: 0, last_error: null });
      expect(after).toMatchObject({ sha256: before.sha256, freshness: 'fresh', failures: 1 });
      expect(after.last_error).toMatch(new RegExp(`^${code}: .+`));
      expect(endAfter).toBe(endBefore);
      expect(scene.logged('the one before it stays', anchor)).toMatchObject([{ code }]);
      expect(mended).toMatchObject({ number: '0a', failures: 0, last_error: null });
    }
  });
});
