/** Injection token of the process's `Logger` (`@partner-ecosystem/platform/logging`). */
export const LOGGER = Symbol('LOGGER');
