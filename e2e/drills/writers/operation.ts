import type { CallBody } from '../../stack/admin/operator.js';
import type { Held, Shown } from './held.js';

/** One mutation of the admin API, and what its answer says about the registry from then on. */
export interface Operation {
  /** as the audit names it */
  action: string;
  path: string;
  body: CallBody;
  /** the only status there is reason to expect */
  status: number;
  /** Takes the answer to the books; gives the object that the audit event must name. */
  acknowledge(shown: Shown): Held;
}
