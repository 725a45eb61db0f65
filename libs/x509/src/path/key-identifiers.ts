import type { Certificate } from '../certificate/certificate.js';
import { childrenOf, context, readElement, tag } from '../der/der-reader.js';
import { X509Error } from '../x509-error.js';

const SUBJECT_KEY_IDENTIFIER = '2.5.29.14';
const AUTHORITY_KEY_IDENTIFIER = '2.5.29.35';

/**
 * Whether the authority key identifier of `subject` names the key of `issuer`; undefined where one of them says
 * nothing. A hint for the order of search and for the words of a refusal, never for a verdict: both are free text of
 * whoever wrote the certificate.
 */
export function namesKeyOf(subject: Certificate, issuer: Certificate): boolean | undefined {
  const wanted = hint(() => authorityKeyIdentifierOf(subject));
  const offered = hint(() => subjectKeyIdentifierOf(issuer));
  return wanted === undefined || offered === undefined ? undefined : wanted.equals(offered);
}

function authorityKeyIdentifierOf({ extensions }: Certificate): Buffer | undefined {
  const value = extensions.get(AUTHORITY_KEY_IDENTIFIER)?.value;
  const fields = value === undefined ? [] : childrenOf(readElement(value, tag.sequence), tag.sequence);
  return fields.find(({ identifier }) => identifier === context.primitive(0))?.content;
}

function subjectKeyIdentifierOf({ extensions }: Certificate): Buffer | undefined {
  const value = extensions.get(SUBJECT_KEY_IDENTIFIER)?.value;
  return value && readElement(value, tag.octetString).content;
}

function hint(read: () => Buffer | undefined): Buffer | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof X509Error) return undefined;
    throw error;
  }
}
