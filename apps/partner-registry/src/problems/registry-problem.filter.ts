import { Catch, type ArgumentsHost } from '@nestjs/common';
import { Problem, ProblemFilter, type ProblemEntry } from '@partner-ecosystem/platform/problem';
import { PROBLEMS } from './problem-table.js';
import { RegistryError } from './registry-error.js';

/** The one place where an error of the registry becomes HTTP; everything else is answered as the platform does. */
@Catch()
export class RegistryProblemFilter extends ProblemFilter {
  override catch(thrown: unknown, host: ArgumentsHost): void {
    super.catch(thrown instanceof RegistryError ? refusal(thrown) : thrown, host);
  }
}

/** Where no filter stands, before a route was found. */
export function refusal(error: RegistryError): Problem {
  const { status, title, retryAfter }: ProblemEntry = PROBLEMS[error.code];
  const { code, detail, errors, checks, cause } = error;
  const headers = retryAfter === undefined ? undefined : { 'retry-after': retryAfter };
  return new Problem({ status, title, code, detail, errors, checks, headers, cause });
}
