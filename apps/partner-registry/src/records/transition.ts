import { RegistryError } from '../problems/registry-error.js';

/** Per action, from which states it leads to which one; without `to` the state stays. */
export type Transitions<Action extends string, Status extends string> = Readonly<
  Record<Action, { readonly from: readonly Status[]; readonly to?: Status }>
>;

/**
 * The state an action leads to.
 * @throws RegistryError `invalid_transition` naming the present state and where the action is possible
 */
export function stateAfter<Action extends string, Status extends string>(
  transitions: Transitions<Action, Status>,
  action: Action,
  present: Status,
): Status {
  const { from, to } = transitions[action];
  if (from.includes(present)) return to ?? present;
  throw new RegistryError('invalid_transition', {
    detail: `The status is ${present}; ${action} is possible from ${from.join(', ')}.`,
  });
}

/**
 * Brings a row into the state an action leads to. Certificates, which have dates, go through `moveCertificate`.
 * @param reason kept as `status_reason`; undefined: it stays
 * @throws RegistryError `invalid_transition`
 */
export function move<Action extends string, Status extends string>(
  row: { status: Status; status_reason?: string | null },
  transitions: Transitions<Action, Status>,
  action: Action,
  reason?: string,
): void {
  row.status = stateAfter(transitions, action, row.status);
  if (reason !== undefined) row.status_reason = reason;
}
