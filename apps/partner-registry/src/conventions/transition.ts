import { RegistryError } from '../problems/registry-error.js';

/** Per action, from which states it leads to which one. */
export type Transitions<Action extends string, Status extends string> = Readonly<
  Record<Action, { readonly from: readonly Status[]; readonly to: Status }>
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
  if (from.includes(present)) return to;
  throw new RegistryError('invalid_transition', {
    detail: `The status is ${present}; ${action} is possible from ${from.join(', ')}.`,
  });
}
