import type { ActiveMutation, MutationContext } from '../mutations/words/mutation-context.js';
import type { CertainEffect } from './certain-effect.js';

/** A change that somebody thinks of making. */
export interface PlannedChange {
  /** uuid of what is to be changed */
  readonly id: string;
  /** one of `AFFECTED` */
  readonly affected: string;
  readonly effect: CertainEffect;
  /** Does it, by the use case that will do it in earnest. */
  carryOut(context: MutationContext): Promise<unknown>;
  /** What follows from it for these clients, and is otherwise done by a task within seconds. */
  settle?(mutation: ActiveMutation, clientIds: readonly string[]): Promise<void>;
}
