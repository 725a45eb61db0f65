import {
  distributionPoints,
  issuingDistributionPoint,
  mintCertificate,
  mintCrl,
  type IssuingPointOptions,
  type Minted,
  type CrlOptions,
} from '@partner-ecosystem/test-pki';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startRegistry } from '../registry.testing.js';
import { Scene } from './crls.testing.js';

const HOUR = 3_600_000;
const ago = (hours: number) => new Date(Date.now() - hours * HOUR);
const POINT = { uri: 'http://ca.example/users.crl' };
const ELSEWHERE = { uri: 'http://ca.example/others.crl' };

let scene: Scene;
let root: Minted;
let anchor: string;
let client: string;
let number = 0;

beforeAll(async () => {
  scene = new Scene(await startRegistry());
});

beforeEach(async () => {
  root = await mintCertificate({ subject: `CN=Partner Root ${++number}`, authority: true });
  const partner = await scene.partner();
  anchor = await scene.anchor(root, { partner_id: partner });
  client = await scene.client(partner, [anchor]);
});

afterAll(() => scene?.registry.stop());

const leafOfPoint = () => scene.leaf(root, { extensions: [distributionPoints({ names: [POINT] })] });
const list = (point: IssuingPointOptions | undefined, options: Partial<CrlOptions> = {}) =>
  mintCrl({ issuer: root, ...options, extensions: point ? [issuingDistributionPoint(point)] : [] });
const bring = async (der: Buffer) => {
  const answer = await scene.bring(anchor, der);
  expect(answer.status, JSON.stringify(answer.body)).toBe(201);
};
const setMode = async (crl_mode: string) => {
  const { version } = await scene.read(`/v1/trust-anchors/${anchor}`);
  const answer = await scene.registry.patch(`/v1/trust-anchors/${anchor}`, { crl_mode }, version);
  expect(answer.status).toBe(200);
};
const statusOf = async (id: string) => (await scene.read(`/v1/certificates/${id}`)).status;

describe('A39: a list with an issuing distribution point', () => {
  it.each([
    ['the point of the certificate', { names: [POINT] }],
    ['another point', { names: [ELSEWHERE] }],
    ['authorities', { only: 'authorities' as const }],
  ])('revokes whom it names, in the default mode too: %s', async (_, point) => {
    const [leaf, other] = [await leafOfPoint(), await leafOfPoint()];
    const [revoked, kept] = [await scene.upload(client, leaf), await scene.upload(client, other)];
    expect([revoked.status, kept.status]).toEqual([201, 201]);
    await bring(list(point, { revoked: [{ serial: leaf.serial, reason: 4 }] }));
    await scene.judged();
    expect(await statusOf(revoked.body.id)).toBe('revoked');
    expect(await statusOf(kept.body.id)).toBe('active');
    const again = await scene.upload(client, leaf);
    expect(again).toMatchObject({ status: 422, body: { code: 'certificate_refused' } });
  });

  it('is enough where lists are required, for those it is about, and for nobody else', async () => {
    await setMode('require');
    await bring(list({ names: [POINT] }));
    expect((await scene.upload(client, await leafOfPoint())).status).toBe(201);
    const other = await scene.leaf(root, { extensions: [distributionPoints({ names: [ELSEWHERE] })] });
    const refused = await scene.upload(client, other);
    expect(refused).toMatchObject({ status: 422, body: { code: 'certificate_refused' } });
    expect(refused.body.checks).toContainEqual(
      expect.objectContaining({
        id: 'path_crl_missing',
        result: 'fail',
        observed: expect.stringContaining('issuing distribution point'),
      }),
    );
    await bring(list({ names: [ELSEWHERE] }));
    expect((await scene.upload(client, other)).status).toBe(201);
  });

  it('stands beside those of other scopes, and takes the place of none but its own', async () => {
    const leaf = await leafOfPoint();
    const { id } = (await scene.upload(client, leaf)).body;
    const naming = { revoked: [{ serial: leaf.serial, reason: 6 }] };
    await bring(list({ names: [POINT] }, { number: 5, thisUpdate: ago(3), ...naming }));
    await bring(list({ names: [ELSEWHERE] }, { number: 9, thisUpdate: ago(2) }));
    expect(await scene.lists(anchor)).toHaveLength(2);
    await scene.judged();
    const pathOf = async () => (await scene.read(`/v1/certificates/${id}`)).path_valid_until;
    expect(Date.parse(await pathOf())).toBeLessThanOrEqual(Date.now());
    const older = await scene.bring(anchor, list({ names: [POINT] }, { number: 4, thisUpdate: ago(1) }));
    expect(older.body.errors[0].detail).toContain('replayed');
    await bring(list({ names: [POINT] }, { number: 6, thisUpdate: ago(1) }));
    expect(await scene.lists(anchor)).toHaveLength(2);
    await scene.judged();
    expect(Date.parse(await pathOf())).toBeGreaterThan(Date.now());
  });

  it('of attribute certificates is refused: its numbers are not those of certificates', async () => {
    const answer = await scene.bring(anchor, list({ only: 'attributes' }));
    expect(answer).toMatchObject({ status: 422, body: { code: 'crl_refused' } });
  });
});
