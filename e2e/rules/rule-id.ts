/** T: transport, A: authorization server, R: resource server. */
export const RULE_GROUPS = ['T', 'A', 'R'] as const;

export type RuleId = `${(typeof RULE_GROUPS)[number]}${number}`;

const RULE_ID = /(?<![A-Za-z0-9])[TAR]\d{1,2}(?![A-Za-z0-9])/g;
const RULE_RANGE = /(?<![A-Za-z0-9])[TAR]\d{1,2}\s*(?:-|–|\.\.+|…|to)\s*[TAR]?\d{1,2}(?![A-Za-z0-9])/;

/** The rules a title names, each once. */
export function rulesNamedIn(title: string): RuleId[] {
  return [...new Set(title.match(RULE_ID) ?? [])] as RuleId[];
}

/** Matches a title that names this rule. */
export function namingPattern(rule: RuleId): RegExp {
  return new RegExp(`(?<![A-Za-z0-9])${rule}(?![A-Za-z0-9])`);
}

/** "A1 to A3" names A1 and A3 only, whatever its author meant. */
export function namesRange(title: string): boolean {
  return RULE_RANGE.test(title);
}
