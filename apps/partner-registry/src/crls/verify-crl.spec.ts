import {
  issuingDistributionPoint,
  mintCertificate,
  mintCrl,
  type Minted,
  type CrlOptions,
} from '@partner-ecosystem/test-pki';
import { parseCertificate } from '@partner-ecosystem/x509';
import { beforeAll, describe, expect, it } from 'vitest';
import type { HeldCrl } from '../records/held-crl.entity.js';
import { assertNotOlder, signerOf, soundCrl } from './verify-crl.js';

const HOUR = 3_600_000;
const now = new Date();
const at = (hours: number) => new Date(Math.floor(now.getTime() / 1_000) * 1_000 + hours * HOUR);

let root: Minted;

beforeAll(async () => {
  root = await mintCertificate({ subject: 'CN=Root', authority: true });
});

const list = (options: Partial<CrlOptions> = {}) => soundCrl(mintCrl({ issuer: root, number: 5, ...options }), now);
const refusal = (judge: () => unknown): string => {
  try {
    judge();
    return 'accepted';
  } catch (error) {
    return (error as { code: string }).code;
  }
};

describe('A14: a list is believed when it is whole, dated, of the past and signed by one who may', () => {
  const extension = (oid: string, critical: boolean) => ({
    extensions: [{ oid, critical, value: Buffer.from('020101', 'hex') }],
  });

  it.each<[string, Partial<CrlOptions>, string]>([
    ['as they are', {}, 'accepted'],
    ['of changes', extension('2.5.29.27', true), 'partial'],
    ['of changes, that does not say so critically', extension('2.5.29.27', false), 'partial'],
    ['of a part', { extensions: [issuingDistributionPoint({ only: 'users' })] }, 'accepted'],
    ['of attribute certificates', { extensions: [issuingDistributionPoint({ only: 'attributes' })] }, 'partial'],
    ['of a part that cannot be read', extension('2.5.29.28', true), 'malformed'],
    ['with something unknown and critical', extension('1.2.3', true), 'partial'],
    ['with something unknown', extension('1.2.3', false), 'accepted'],
    ['without an end', { nextUpdate: null }, 'dates'],
    ['that ends before it begins', { nextUpdate: at(-2) }, 'dates'],
    ['of the future', { thisUpdate: at(1) }, 'future'],
    ['whose time is over', { thisUpdate: at(-3), nextUpdate: at(-1) }, 'accepted'],
  ])('one %s', (_, options, expected) => {
    expect(refusal(() => list(options))).toBe(expected);
  });

  it('the key decides, not the name; and it has to be one for lists', async () => {
    const authorities = [parseCertificate(root.der)];
    const signer = (options: Partial<CrlOptions>) => refusal(() => signerOf(list(options), authorities));
    expect(signer({})).toBe('accepted');
    expect(signer({ forged: true })).toBe('forged');
    expect(signer({ issuer: await mintCertificate({ subject: 'CN=Root', authority: true }) })).toBe('forged');
    expect(signer({ issuerName: 'CN=Other' })).toBe('unknown_issuer');
    const mute = await mintCertificate({ subject: 'CN=Root', authority: true, keyUsage: ['keyCertSign'] });
    expect(refusal(() => signerOf(list({ issuer: mute }), [parseCertificate(mute.der)]))).toBe('unknown_issuer');
  });

  it('and when it is not older than the one that is held', () => {
    const { sha256, number = null, thisUpdate: this_update } = list({ thisUpdate: at(-2) });
    const held = { sha256, number, this_update } as HeldCrl;
    const verdict = (options: Partial<CrlOptions>) => refusal(() => assertNotOlder(list(options), held));
    expect(verdict({ thisUpdate: at(-1), number: 6 })).toBe('accepted');
    expect(verdict({ thisUpdate: at(-2), number: 5 })).toBe('accepted');
    expect(verdict({ thisUpdate: at(-3), number: 6 })).toBe('older');
    expect(verdict({ thisUpdate: at(-1), number: 4 })).toBe('older');
    expect(refusal(() => assertNotOlder(list({ thisUpdate: at(-9), number: 1 }), null))).toBe('accepted');
  });
});
