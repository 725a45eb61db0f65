import type { FieldFault } from '@partner-ecosystem/platform/problem';
import type { RegistryCode } from './problem-table.js';

export interface RegistryErrorOptions {
  /** public: what the caller should know and can do */
  detail: string;
  /** faults in the body, by JSON pointer */
  errors?: readonly FieldFault[];
  /** named checks of a certificate */
  checks?: readonly object[];
  /** private: for the log only */
  cause?: unknown;
}

/** A rule of the registry refused. Knows no HTTP: `problem-table.ts` says which status a code has. */
export class RegistryError extends Error {
  override readonly name = 'RegistryError';
  readonly detail: string;
  readonly errors: readonly FieldFault[] | undefined;
  readonly checks: readonly object[] | undefined;

  constructor(
    readonly code: RegistryCode,
    options: RegistryErrorOptions,
  ) {
    super(options.detail, options.cause === undefined ? undefined : { cause: options.cause });
    this.detail = options.detail;
    this.errors = options.errors;
    this.checks = options.checks;
  }

  static notFound(): RegistryError {
    return new RegistryError('not_found', { detail: 'There is nothing with this identifier.' });
  }

  /** The request is well formed, and one field names or says something that does not hold. */
  static ofField(code: RegistryCode, pointer: string, detail: string): RegistryError {
    return new RegistryError(code, { detail, errors: [{ pointer, code, detail }] });
  }
}
