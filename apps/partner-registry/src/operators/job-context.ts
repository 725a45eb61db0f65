import type { MutationContext } from '../mutations/words/mutation-context.js';
import { commandContext, type RegistryIdentity } from './command-context.js';

/** A mutation that a scheduled task asks for: nobody's request, so that it may what operators may. */
export function jobContext(job: string, identity: RegistryIdentity): MutationContext {
  const context = commandContext(job, identity);
  return { ...context, actor: { ...context.actor, clientId: `job:${job}` } };
}
