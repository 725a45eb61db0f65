import { RULE_GROUPS, type RuleId } from './rule-id.js';
import type { RulesHeld } from './rules-held.js';

export const RULES_DOCUMENT = 'docs/rules.md';

const BEGIN = '<!-- Written by `npm run rules`, from the titles of the specs. -->';
const END = '<!-- End of what `npm run rules` writes. -->';
const RULE_ROW = /^\| ([TAR]\d+) +\| (.+?) +\|$/gm;
const NOT_BUILT = /^- ([TAR]\d+): not built yet: (.+)$/gm;

/** What `docs/rules.md` says by hand. */
export interface RulesDocument {
  /** in the order of the document */
  rules: RuleId[];
  notBuilt: RuleId[];
}

export function rulesDocumentFrom(markdown: string): RulesDocument {
  const [byHand] = split(markdown);
  const ids = (row: RegExp): RuleId[] => [...byHand.matchAll(row)].map(([, id]) => id as RuleId);
  return { rules: ids(RULE_ROW), notBuilt: ids(NOT_BUILT) };
}

/** The document with its generated part written anew. */
export function withRulesHeld(markdown: string, held: RulesHeld): string {
  const [before, after] = split(markdown);
  const rows = rulesDocumentFrom(markdown).rules.map(
    (rule) => `| ${rule} | ${(held.get(rule) ?? []).map(link).join(', ')} |`,
  );
  // Not prettier's: in aligned columns one long row would touch every other.
  const lines = ['<!-- prettier-ignore-start -->', '', '| rule | specs |', '| --- | --- |', ...rows, ''];
  return [before + BEGIN, ...lines, '<!-- prettier-ignore-end -->', END + after].join('\n');
}

/** The numbers T1, T2, …, A1, … that should stand in a document with so many rules of each group. */
export function numbersWithoutGaps(rules: readonly RuleId[]): RuleId[] {
  return RULE_GROUPS.flatMap((group) => {
    const count = rules.filter((id) => id.startsWith(group)).length;
    return Array.from({ length: count }, (_, at): RuleId => `${group}${at + 1}`);
  });
}

function split(markdown: string): [before: string, after: string] {
  const [begin, end] = [markdown.indexOf(BEGIN), markdown.indexOf(END)];
  if (begin === -1 || end < begin) throw new Error(`${RULES_DOCUMENT} has lost the lines ${BEGIN} and ${END}`);
  return [markdown.slice(0, begin), markdown.slice(end + END.length)];
}

function link(path: string): string {
  const [project] = /(?<=^(?:apps|libs)\/)[^/]+|^e2e/.exec(path) ?? [path];
  return `[${project}: ${path
    .split('/')
    .at(-1)!
    .replace(/\.spec\.ts$/, '')}](../${path})`;
}
