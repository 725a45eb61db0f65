import { createAuthority, type Authority, type Issued } from '@partner-ecosystem/test-pki';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RawHeaders, Said } from './ask.testing.js';

/** A source in place, and the way to ask it as a partner. */
export interface SourceInPlace {
  /** null: without a certificate. The source's own header is written by the stage, `headers` come on top of it. */
  ask(partner: Issued | null, headers?: RawHeaders): Promise<Said>;
  /** one connection for all partners: a proxy's */
  oneConnection: boolean;
  /** header names that this source takes or passes over */
  expects: readonly string[];
  close(): Promise<void>;
}

/** Every header that is known to carry a certificate somewhere, in the spelling of its documentation. */
export const FORGEABLE = [
  'Client-Cert',
  'Client-Cert-Chain',
  'X-Client-Cert',
  'X-SSL-Client-Cert',
  'X-SSL-Cert',
  'SSL-Client-Cert',
  'X-Forwarded-Client-Cert',
  'X-Forwarded-Tls-Client-Cert',
  'X-Forwarded-Tls-Client-Cert-Info',
  'X-Amzn-Mtls-Clientcert',
  'X-Amzn-Mtls-Clientcert-Leaf',
  'X-Amzn-Mtls-Clientcert-Subject',
  'X-ARR-ClientCert',
  'Cf-Client-Cert-Der-Base64',
];

/** What holds for a certificate source wherever it reads from. */
export function behavesAsCertificateSource(place: (authority: Authority) => Promise<SourceInPlace>): void {
  let source: SourceInPlace;
  let [alice, bob]: (Issued | undefined)[] = [];
  let keys: Issued[];

  beforeAll(async () => {
    const authority = await createAuthority({ name: 'Partners', intermediate: true });
    alice = await authority.issueClient({ subject: 'CN=alice' });
    bob = await authority.issueClient({ subject: 'CN=bob' });
    keys = await Promise.all(
      (['RSA-2048', 'P-384', 'Ed25519'] as const).map((key) => authority.issueClient({ subject: `CN=${key}`, key })),
    );
    source = await place(authority);
  });

  afterAll(() => source.close());

  describe('as every certificate source', () => {
    it('R5: says the thumbprint of the leaf, though the partner sent its intermediate too', async () => {
      expect(alice!.chainPem).not.toBe(alice!.certificatePem);
      expect(await source.ask(alice!)).toMatchObject({ status: 200, thumbprint: alice!.thumbprint });
    });

    it('R5: for keys of every kind', async () => {
      for (const one of keys) expect(await source.ask(one)).toMatchObject({ status: 200, thumbprint: one.thumbprint });
    });

    it('R5, T6: two partners who take turns are never taken for each other, nor for a third without certificate', async () => {
      const turns = [alice!, bob!, null, alice!, null, bob!, bob!, alice!];
      const answers: Said[] = [];
      for (const partner of turns) answers.push(await source.ask(partner));
      expect(answers.map(({ thumbprint }) => thumbprint)).toEqual(turns.map((one) => one?.thumbprint ?? null));
      if (source.oneConnection) expect(answers.slice(1).every(({ reused }) => reused)).toBe(true);
    });

    it('T6: a certificate header that it does not read is refused, in every spelling', async () => {
      for (const name of FORGEABLE.filter((one) => !source.expects.includes(one.toLowerCase()))) {
        for (const spelling of [name, name.toLowerCase(), name.toUpperCase(), name.replaceAll('-', '_')]) {
          const said = await source.ask(alice!, [spelling, `:${bob!.der.toString('base64')}:`]);
          expect(said, spelling).toMatchObject({
            status: 400,
            code: 'invalid_request',
            check: expect.stringMatching(/^certificate_header_(unexpected|twin)$/) as string,
            publicText: 'A client certificate header is not accepted here.',
          });
        }
      }
    });

    it('T6: such a header does not stick to the connection', async () => {
      await source.ask(alice!, ['X-ARR-ClientCert', 'x']);
      expect(await source.ask(bob!)).toMatchObject({ status: 200, thumbprint: bob!.thumbprint });
    });

    it('a refusal does not repeat what was sent', async () => {
      const said = await source.ask(alice!, ['X-ARR-ClientCert', 'zzz-secret-zzz']);
      expect(JSON.stringify(said)).not.toContain('zzz-secret-zzz');
    });
  });
}
