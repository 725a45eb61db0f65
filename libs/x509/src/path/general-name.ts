import type { Certificate } from '../certificate/certificate.js';
import { childrenOf, context, expectElement, malformed, readElement, tag, type DerElement } from '../der/der-reader.js';
import { objectIdentifierOf } from '../der/der-values.js';
import { distinguishedNameOf } from '../names/distinguished-name-from-der.js';
import type { DistinguishedName } from '../names/distinguished-name.js';

/** RFC 5280 4.2.1.6, as a name, and as the base of a constraint (where `octets` are an address and its mask). */
export type GeneralName =
  | { form: 'directory'; name: DistinguishedName }
  | { form: 'email' | 'dns' | 'uri'; text: string }
  | { form: 'ip'; octets: Buffer }
  | { form: UnreadForm };

/** Forms that are told apart and never compared; an otherName is of a form of its own for each type. */
type UnreadForm = `otherName ${string}` | 'x400Address' | 'ediPartyName' | 'registeredID';

const SUBJECT_ALTERNATIVE_NAME = '2.5.29.17';
const COMMON_NAME = '2.5.4.3';
const EMAIL_ADDRESS = '1.2.840.113549.1.9.1';
const SMTP_UTF8_MAILBOX = '1.3.6.1.5.5.7.8.9';
const HOST_NAME = /^[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)+$/i;

const TEXT_FORMS = new Map<number, 'email' | 'dns' | 'uri'>([
  [context.primitive(1), 'email'],
  [context.primitive(2), 'dns'],
  [context.primitive(6), 'uri'],
]);

const UNREAD_FORMS = new Map<number, UnreadForm>([
  [context.constructed(3), 'x400Address'],
  [context.constructed(5), 'ediPartyName'],
  [context.primitive(8), 'registeredID'],
]);

/** Throws `der_malformed`. */
export function generalNameOf(element: DerElement | undefined): GeneralName {
  if (element === undefined) throw malformed('no name where one must be');
  const { identifier, content } = element;
  const form = TEXT_FORMS.get(identifier);
  if (form !== undefined) return { form, text: content.toString('latin1') };
  if (identifier === context.primitive(7)) return { form: 'ip', octets: content };
  if (identifier === context.constructed(4)) {
    return { form: 'directory', name: distinguishedNameOf(readElement(content, tag.sequence)) };
  }
  if (identifier === context.constructed(0)) return otherNameOf(element);
  const unread = UNREAD_FORMS.get(identifier);
  if (unread === undefined) throw malformed('no form of name');
  return { form: unread };
}

function otherNameOf(element: DerElement): GeneralName {
  const [type, value] = childrenOf(element, context.constructed(0));
  const oid = objectIdentifierOf(type);
  if (oid !== SMTP_UTF8_MAILBOX) return { form: `otherName ${oid}` };
  // RFC 9598: constraints on e-mail are about it too
  const [text] = childrenOf(value, context.constructed(0));
  return { form: 'email', text: expectElement(text, tag.utf8String).content.toString('utf8') };
}

/**
 * Every name of a certificate that a constraint can be about: RFC 5280 4.2.1.10 has the subject and its e-mail
 * addresses beside the alternative names. As OpenSSL does, a leaf's common name that reads like a host name counts as
 * one when there is no alternative name of that form. Throws `der_malformed`.
 */
export function constrainedNamesOf(certificate: Certificate, isLeaf: boolean): GeneralName[] {
  const { subject, extensions } = certificate;
  const alternative = extensions.get(SUBJECT_ALTERNATIVE_NAME)?.value;
  const named = alternative ? childrenOf(readElement(alternative, tag.sequence), tag.sequence).map(generalNameOf) : [];
  const attributes = subject.rdns.flat();
  const values = (oid: string) => attributes.filter((attribute) => attribute.oid === oid).map(({ value }) => value);
  const hosts = isLeaf && !named.some(({ form }) => form === 'dns') ? values(COMMON_NAME) : [];
  return [
    ...(subject.rdns.length > 0 ? [{ form: 'directory' as const, name: subject }] : []),
    ...values(EMAIL_ADDRESS).map((text) => ({ form: 'email' as const, text })),
    ...hosts.filter((host) => HOST_NAME.test(host)).map((text) => ({ form: 'dns' as const, text })),
    ...named,
  ];
}
