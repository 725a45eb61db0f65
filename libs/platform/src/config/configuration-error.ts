/**
 * The process cannot start with the configuration it was given. `message` is one fault per line, written for the
 * operator: it names the variable or the file and what is expected, never a value.
 */
export class ConfigurationError extends Error {
  readonly code = 'configuration_invalid';

  constructor(
    readonly faults: readonly string[],
    options?: ErrorOptions,
  ) {
    super(faults.join('\n'), options);
    this.name = 'ConfigurationError';
  }
}
