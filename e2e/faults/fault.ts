import type { RuleId } from '../rules/rule-id.js';

/** One line of the product made wrong, so that one rule no longer holds. Paths are below the repository's root. */
export interface Fault {
  rule: RuleId;
  /** what the product does then */
  then: string;
  file: string;
  /** stands in `file` exactly once */
  find: string;
  replace: string;
  /** the smallest spec file with a test that names the rule and turns red */
  spec: string;
}

/** The source with the line made wrong. Throws when the fault no longer fits the code. */
export function withFault(source: string, { rule, file, find, replace }: Fault): string {
  const times = source.split(find).length - 1;
  if (times !== 1) throw new Error(`${rule}: ${JSON.stringify(find)} stands ${times} times in ${file} and not once`);
  return source.replace(find, () => replace);
}
