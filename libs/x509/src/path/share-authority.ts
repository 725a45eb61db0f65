import type { Certificate } from '../certificate/certificate.js';
import { foldedDistinguishedName } from '../names/folded-distinguished-name.js';
import { authorityIdentity } from './authority-identity.js';
import { isIssuedBy } from './is-issued-by.js';

/** Far above any real set of authorities; a verification takes up to a millisecond. */
const MOST_SIGNATURES = 512;

/**
 * Whether one certificate could have a path to an anchor of both sets: they have an authority in common, one is below the
 * other, or an authority is below both. Names and signatures alone count: dates, lengths and constraints change with the
 * next certificate of an authority. Also true when there is too much to verify.
 * @param known certificates of authorities that may stand between; others are passed over
 * Does not check: authorities that nobody gave.
 */
export function shareAuthority(
  one: readonly Certificate[],
  other: readonly Certificate[],
  known: readonly Certificate[],
): boolean {
  const subjects = new IssuedAuthorities([...one, ...other, ...known]);
  const belowOne = subjects.below(one);
  const belowOther = subjects.below(other);
  return subjects.exhausted || [...belowOne].some((identity) => belowOther.has(identity));
}

/** Authorities by who issued them. */
class IssuedAuthorities {
  exhausted = false;
  readonly #byIssuer = new Map<string, Certificate[]>();
  #verified = 0;

  constructor(certificates: readonly Certificate[]) {
    const distinct = new Map(certificates.map((certificate) => [certificate.tbsSha256, certificate]));
    for (const certificate of distinct.values()) {
      if (!certificate.isCa) continue;
      const issuer = foldedDistinguishedName(certificate.issuer);
      this.#byIssuer.set(issuer, [...(this.#byIssuer.get(issuer) ?? []), certificate]);
    }
  }

  /** The anchors and every authority below them. */
  below(anchors: readonly Certificate[]): Set<string> {
    const reached = new Map(anchors.map((anchor) => [authorityIdentity(anchor), anchor]));
    // a Map is walked to what is added meanwhile
    for (const issuer of reached.values()) {
      for (const subject of this.#byIssuer.get(foldedDistinguishedName(issuer.subject)) ?? []) {
        const identity = authorityIdentity(subject);
        if (!reached.has(identity) && this.#isIssuedBy(subject, issuer)) reached.set(identity, subject);
      }
    }
    return new Set(reached.keys());
  }

  #isIssuedBy(subject: Certificate, issuer: Certificate): boolean {
    this.exhausted ||= this.#verified >= MOST_SIGNATURES;
    if (this.exhausted) return false;
    this.#verified++;
    return isIssuedBy(subject, issuer);
  }
}
