import { checkLeaf, type Certificate, type CertificateCheck } from '@partner-ecosystem/x509';

// What holds for a leaf and for an authority alike. Its own signature is not among them: an anchor is believed for its key.
const SHARED = new Set(['not_yet_valid', 'expired', 'weak_key', 'unknown_critical_extension']);

/**
 * Judges a certificate as a trust anchor, every check answered.
 * Does not check: who issued it; a root and an intermediate can both be pinned.
 */
export function checkAnchor(certificate: Certificate, now: Date): CertificateCheck[] {
  return [
    authorityCheck(certificate),
    keyUsageCheck(certificate),
    nameCheck(certificate),
    ...checkLeaf(certificate, now).filter(({ id }) => SHARED.has(id)),
  ];
}

function authorityCheck({ isCa }: Certificate): CertificateCheck {
  return answer('authority', isCa, {
    observed: isCa ? 'basic constraints CA:TRUE' : 'no CA:TRUE',
    expected: 'the certificate of an authority, CA:TRUE',
    hint: 'This is a leaf. Register the certificate of the authority that issued it.',
  });
}

function keyUsageCheck({ keyUsage }: Certificate): CertificateCheck {
  return answer('key_usage', keyUsage === undefined || keyUsage.includes('keyCertSign'), {
    observed: keyUsage?.join(', ') ?? 'no key usage, so that the key may be used for everything',
    expected: 'key usage with keyCertSign, or no such extension',
    hint: 'Its key may not sign certificates. Use the authority that does.',
  });
}

// RFC 5280 section 4.1.2.6
function nameCheck({ subject }: Certificate): CertificateCheck {
  return answer('subject', subject.rdns.length > 0 && subject.text.length <= 1000, {
    observed: subject.rdns.length === 0 ? 'an empty subject' : `${subject.text.length} characters`,
    expected: 'a subject of 1 to 1000 characters',
    hint: 'An authority has a name, which its certificates repeat.',
  });
}

function answer(id: string, passed: boolean, texts: Omit<CertificateCheck, 'id' | 'result'>): CertificateCheck {
  return { id, result: passed ? 'pass' : 'fail', ...texts, ...(passed ? { hint: '' } : {}) };
}
