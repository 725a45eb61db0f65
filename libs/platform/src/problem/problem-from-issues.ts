import type { FieldFault } from './problem.js';
import { Problem } from './problem.js';

/** What zod and every other Standard Schema library report, as far as it is used here. */
export interface SchemaIssue {
  readonly message: string;
  readonly path?: ReadonlyArray<PropertyKey | { readonly key: PropertyKey }> | undefined;
  readonly code?: string;
  readonly keys?: readonly PropertyKey[];
}

const MOST_FAULTS = 50;

/** 400 `invalid_request` with one entry per fault; `where` says in words what was checked, e.g. 'body'. */
export function problemFromIssues(issues: readonly SchemaIssue[], where = 'body'): Problem {
  const errors = issues.flatMap(faultsOf).slice(0, MOST_FAULTS);
  return new Problem({ status: 400, code: 'invalid_request', detail: `The ${where} is not as expected.`, errors });
}

function faultsOf(issue: SchemaIssue): FieldFault[] {
  const path = (issue.path ?? []).map((step) => (typeof step === 'object' ? step.key : step));
  // zod reports unknown members at the object that holds them; a caller wants to see which ones.
  if (issue.code === 'unrecognized_keys' && issue.keys) {
    return issue.keys.map((key) => ({
      pointer: pointerOf([...path, key]),
      code: 'unknown_member',
      detail: 'is not known here',
    }));
  }
  return [{ pointer: pointerOf(path), code: issue.code ?? 'invalid', detail: issue.message }];
}

// RFC 6901 section 3: '~' and '/' inside a name are escaped.
function pointerOf(path: readonly PropertyKey[]): string {
  return path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}
