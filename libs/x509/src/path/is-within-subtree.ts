import { foldedDistinguishedName } from '../names/folded-distinguished-name.js';
import type { DistinguishedName } from '../names/distinguished-name.js';
import type { GeneralName } from './general-name.js';

/** Whether a name lies in the subtree of a base of the same form (RFC 5280 4.2.1.10); undefined: cannot be told. */
export function isWithinSubtree(name: GeneralName, base: GeneralName): boolean | undefined {
  if (name.form === 'directory' && base.form === 'directory') return isWithinDirectory(name.name, base.name);
  if (name.form === 'dns' && base.form === 'dns') return isWithinDomain(name.text, base.text);
  if (name.form === 'email' && base.form === 'email') return isWithinMailboxes(name.text, base.text);
  if (name.form === 'uri' && base.form === 'uri') return isWithinHosts(name.text, base.text);
  if (name.form === 'ip' && base.form === 'ip') return isWithinNetwork(name.octets, base.octets);
  return undefined;
}

// the base is the most significant part of the name; in the order of RFC 4514 that is its end
function isWithinDirectory({ rdns }: DistinguishedName, base: DistinguishedName): boolean {
  if (base.rdns.length > rdns.length) return false;
  const end = { text: '', rdns: rdns.slice(rdns.length - base.rdns.length) };
  return foldedDistinguishedName(end) === foldedDistinguishedName(base);
}

// "example.com" stands for itself and everything below it, ".example.com" as OpenSSL reads it for what is below, "" for all
function isWithinDomain(name: string, base: string): boolean {
  const [host, domain] = [hostText(name), base.toLowerCase()];
  return domain === '' || host === domain || host.endsWith(domain.startsWith('.') ? domain : `.${domain}`);
}

// a mailbox, a host, or with a leading dot every host below
function isWithinMailboxes(name: string, base: string): boolean | undefined {
  const at = name.lastIndexOf('@');
  if (at < 1 || base === '') return undefined;
  const [local, host] = [name.slice(0, at), hostText(name.slice(at + 1))];
  const baseAt = base.lastIndexOf('@');
  if (baseAt > 0 && base.slice(0, baseAt) !== local) return false;
  return isHostOf(host, base.slice(baseAt + 1));
}

function isWithinHosts(name: string, base: string): boolean | undefined {
  const authority = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)/i.exec(name)?.[1] ?? '';
  const host = hostText(authority.replace(/^.*@/, '').replace(/:[0-9]*$/, ''));
  // RFC 5280: under such a constraint, a URI without a host name must be refused
  if (base === '' || !/^[a-z0-9_.-]+$/.test(host) || /^[0-9.]+$/.test(host)) return undefined;
  return isHostOf(host, base);
}

function isWithinNetwork(address: Buffer, base: Buffer): boolean | undefined {
  if (base.length !== 8 && base.length !== 32) return undefined;
  const [network, mask] = [base.subarray(0, base.length / 2), base.subarray(base.length / 2)];
  if (address.length !== network.length) return false;
  return address.every((octet, index) => (octet & mask[index]!) === (network[index]! & mask[index]!));
}

function isHostOf(host: string, base: string): boolean {
  const domain = base.toLowerCase();
  return domain.startsWith('.') ? host.endsWith(domain) && host.length > domain.length : host === domain;
}

function hostText(host: string): string {
  return host.toLowerCase().replace(/\.$/, '');
}
