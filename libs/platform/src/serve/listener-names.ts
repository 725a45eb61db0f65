import type { ServeOptions } from './serve-options.js';

/** Of all listeners that routes can name. One that is not opened has a name all the same: nothing reaches it. */
export function namesOf({ listeners, plainListeners = [] }: ServeOptions): string[] {
  return [...listeners, ...plainListeners].map(({ name }) => name);
}
