import { element, integer, objectIdentifier, tag } from './der.js';
import type { RawExtension } from './leaf-options.js';

/** What a certificate says about certificate policies (RFC 5280 4.2.1.4, .5, .11, .14); policies are dotted OIDs. */
export interface PolicyOptions {
  policies?: string[];
  /** pairs of the issuer's policy and the subject's */
  mappings?: [string, string][];
  requireExplicitPolicy?: number;
  inhibitPolicyMapping?: number;
  inhibitAnyPolicy?: number;
  /** of all of them; default: of the constraints and mappings alone, as RFC 5280 asks for */
  critical?: boolean;
}

/** The extensions that say so, each only where there is something to say. */
export function policyExtensions(options: PolicyOptions): RawExtension[] {
  const { policies, mappings, requireExplicitPolicy, inhibitPolicyMapping, inhibitAnyPolicy } = options;
  const critical = options.critical ?? true;
  const sequence = (members: Buffer[]) => element(tag.sequence, ...members);
  const constraints = [requireExplicitPolicy, inhibitPolicyMapping].flatMap((count, field) =>
    count === undefined ? [] : [integer(count.toString(16), 0x80 | field)],
  );
  const pairs = mappings?.map((pair) => sequence(pair.map(objectIdentifier)));
  const named = policies?.map((policy) => sequence([objectIdentifier(policy)]));
  return [
    ...(named ? [{ oid: '2.5.29.32', critical: options.critical ?? false, value: sequence(named) }] : []),
    ...(pairs ? [{ oid: '2.5.29.33', critical, value: sequence(pairs) }] : []),
    ...(constraints.length > 0 ? [{ oid: '2.5.29.36', critical, value: sequence(constraints) }] : []),
    ...(inhibitAnyPolicy === undefined
      ? []
      : [{ oid: '2.5.29.54', critical, value: integer(inhibitAnyPolicy.toString(16)) }]),
  ];
}
