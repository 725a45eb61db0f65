import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Certificate } from './certificate.entity.js';
import type { CertificateAction, CertificateStatus } from './certificate-status.js';
import { moveCertificate } from './move-certificate.js';

const now = new Date('2026-06-01T00:00:00Z');
const [past, ahead] = [new Date('2026-05-01T00:00:00Z'), new Date('2026-07-01T00:00:00Z')];

function moved(status: CertificateStatus, action: CertificateAction, dates: Partial<Certificate> = {}, at?: Date) {
  const certificate = { status, activate_at: null, retire_at: null, ...dates } as Certificate;
  moveCertificate(certificate, action, { now, ...(at && { at }) });
  return certificate;
}

describe('the dates of a certificate', () => {
  it('that have not come end with what they were planned for; those that have come stay', () => {
    const [planned, begun] = [{ activate_at: ahead, retire_at: ahead }, { activate_at: past }];
    expect(moved('pending', 'activate', planned)).toMatchObject({ activate_at: null, retire_at: ahead });
    expect(moved('pending', 'activate', begun)).toMatchObject({ status: 'active', activate_at: past });
    expect(moved('active', 'supersede', planned)).toMatchObject({ activate_at: null, retire_at: null });
    expect(moved('active', 'supersede', { retire_at: past })).toMatchObject({ status: 'superseded', retire_at: past });
    expect(moved('superseded', 'activate', { retire_at: past })).toMatchObject({ status: 'active', retire_at: null });
  });

  it('are planned and withdrawn without a change of the status', () => {
    expect(moved('pending', 'plan_activation', {}, ahead)).toMatchObject({ status: 'pending', activate_at: ahead });
    expect(moved('active', 'plan_retirement', {}, ahead)).toMatchObject({ status: 'active', retire_at: ahead });
    const both = { activate_at: past, retire_at: ahead };
    expect(moved('active', 'withdraw_dates', both)).toMatchObject({ activate_at: past, retire_at: null });
    expect(moved('pending', 'withdraw_dates', both)).toMatchObject({ activate_at: null, retire_at: null });
  });

  it('are none of one that a command brings back', () =>
    expect(moved('superseded', 'bring_back', { activate_at: past, retire_at: past })).toMatchObject({
      status: 'active',
      activate_at: null,
      retire_at: null,
    }));
});

it.each(['revoked', 'expired'] as const)('nothing leads out of %s', (status) => {
  const actions: CertificateAction[] = ['activate', 'plan_activation', 'supersede', 'plan_retirement'];
  for (const action of [...actions, 'withdraw_dates', 'revoke', 'expire', 'bring_back'] as const)
    expect(() => moved(status, action), action).toThrow(expect.objectContaining({ code: 'invalid_transition' }));
});

const WRITES =
  /\b(certificate|client|partner|platform|grant|request)\.(status|activate_at|retire_at|revoked_at) = [^=]/;
const ASSIGNS = /Object\.assign\((certificate|client|partner|platform|grant), \{[^}]*\b(status|activate_at|retire_at):/;

it('the status and the dates of a row are written in this room only', () => {
  const root = join(import.meta.dirname, '..');
  const sources = readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.spec.ts'))
    .map((path) => [path, readFileSync(join(root, path), 'utf8')] as const);
  const writing = sources.filter(([, text]) => WRITES.test(text) || ASSIGNS.test(text)).map(([path]) => path);
  expect(writing).toEqual(['records/move-certificate.ts']);
});
