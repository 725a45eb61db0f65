import type { Certificate } from '../certificate/certificate.js';
import { childrenOf, context, malformed, readElement, readElements, tag, type DerElement } from '../der/der-reader.js';
import { X509Error } from '../x509-error.js';
import { constrainedNamesOf, generalNameOf, type GeneralName } from './general-name.js';
import { isWithinSubtree } from './is-within-subtree.js';

const NAME_CONSTRAINTS = '2.5.29.30';
/** Both lists come from whoever made the certificates: their product must stay small. */
const MOST_COMPARISONS = 2500;

interface Subtrees {
  permitted: GeneralName[];
  excluded: GeneralName[];
}

/**
 * Why the names of `subject` are outside of what `issuer`, anywhere above it, may certify; undefined when they are not.
 * A constraint counts whether it is critical or not, and one that cannot be read refuses.
 */
export function nameOffence(subject: Certificate, issuer: Certificate, isLeaf: boolean): string | undefined {
  const extension = issuer.extensions.get(NAME_CONSTRAINTS);
  // RFC 5280 6.1.3 (b): certificates that renew an authority's own key are exempt
  if (extension === undefined || (subject.selfIssued && !isLeaf)) return undefined;
  try {
    return firstOffence(constrainedNamesOf(subject, isLeaf), subtreesOf(extension.value));
  } catch (error) {
    if (error instanceof X509Error) return 'a name or a constraint that cannot be read';
    throw error;
  }
}

function firstOffence(names: GeneralName[], { permitted, excluded }: Subtrees): string | undefined {
  const bases = [...permitted, ...excluded];
  if (names.length * bases.length > MOST_COMPARISONS) return 'too many names and constraints to compare';
  for (const name of names) {
    const of = (list: GeneralName[]) =>
      list.filter(({ form }) => form === name.form).map((base) => isWithinSubtree(name, base));
    const [within, without] = [of(permitted), of(excluded)];
    if ([...within, ...without].includes(undefined))
      return `${nameText(name)}, which cannot be held against the constraint on it`;
    if (without.includes(true)) return `${nameText(name)} is excluded`;
    if (within.length > 0 && !within.includes(true)) return `${nameText(name)} is not permitted`;
  }
  return undefined;
}

function subtreesOf(value: Buffer): Subtrees {
  const subtrees: Subtrees = { permitted: [], excluded: [] };
  for (const { identifier, content } of childrenOf(readElement(value, tag.sequence), tag.sequence)) {
    const bases = readElements(content).map(baseOf);
    if (identifier === context.constructed(0)) subtrees.permitted.push(...bases);
    else if (identifier === context.constructed(1)) subtrees.excluded.push(...bases);
    else throw malformed('a field no name constraint has');
  }
  return subtrees;
}

function baseOf(subtree: DerElement): GeneralName {
  const [base, ...bounds] = childrenOf(subtree, tag.sequence);
  // RFC 5280 4.2.1.10: minimum is 0, which DER leaves out, and maximum is absent
  if (bounds.length > 0) throw malformed('a subtree with bounds');
  return generalNameOf(base);
}

function nameText(name: GeneralName): string {
  if (name.form === 'directory') return 'its subject or a directory name';
  if (name.form === 'ip') return 'an IP address of it';
  return 'text' in name
    ? `the ${name.form.toUpperCase()} name ${JSON.stringify(name.text.slice(0, 200))}`
    : `a name of the form ${name.form}`;
}
