import { mintCertificate, policyExtensions, type Minted, type PolicyOptions } from '@partner-ecosystem/test-pki';
import { parseCertificate } from '../certificate/parse-certificate.js';
import { judgePath, type PathVerdict } from './index.js';

export const NOW = new Date('2026-06-15T12:00:00Z');
const VALID = { notBefore: new Date('2026-01-01T00:00:00Z'), notAfter: new Date('2027-01-01T00:00:00Z') };

/** What one certificate of a chain says. */
export interface PolicyStatement extends PolicyOptions {
  /** true: it bears the name of its issuer, as an authority that renews its own key */
  selfIssued?: boolean;
}

// key pairs by place in the chain: making them is what takes the time
const keys: Promise<Minted>[] = [];

/** A chain of these certificates, the anchor first and the leaf last. */
export async function policyChain(statements: readonly PolicyStatement[]): Promise<Minted[]> {
  const chain: Minted[] = [];
  let name = 'CN=Root';
  for (const [place, { selfIssued, ...said }] of statements.entries()) {
    if (place > 0 && !selfIssued) name = `CN=${place}`;
    keys[place] ??= mintCertificate({ subject: 'CN=key' });
    const [issuer, keyOf] = [chain.at(-1), await keys[place]];
    const authority = place < statements.length - 1;
    const extensions = policyExtensions(said);
    chain.push(
      await mintCertificate({ subject: name, ...(issuer && { issuer }), keyOf, authority, ...VALID, extensions }),
    );
  }
  return chain;
}

/** The verdict about such a chain. */
export async function judgedChain(statements: readonly PolicyStatement[]): Promise<PathVerdict> {
  const [anchor, ...below] = (await policyChain(statements)).map(({ der }) => parseCertificate(der));
  const leaf = below.pop()!;
  return judgePath({ leaf, intermediates: below, anchors: [anchor!], now: NOW });
}
