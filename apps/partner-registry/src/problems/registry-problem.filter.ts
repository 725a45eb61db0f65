import { Catch, type ArgumentsHost } from '@nestjs/common';
import { Problem, ProblemFilter } from '@partner-ecosystem/platform/problem';
import { isDatabaseUnavailable } from '../database/unavailable.js';
import { PROBLEMS } from './problem-table.js';
import { RegistryError } from './registry-error.js';

const RETRY_AFTER_SECONDS = '5';

/** The one place where an error of the registry becomes HTTP; everything else is answered as the platform does. */
@Catch()
export class RegistryProblemFilter extends ProblemFilter {
  override catch(thrown: unknown, host: ArgumentsHost): void {
    super.catch(problemFor(thrown), host);
  }
}

function problemFor(thrown: unknown): unknown {
  if (thrown instanceof RegistryError) return refusal(thrown);
  return isDatabaseUnavailable(thrown) ? unavailable(thrown) : thrown;
}

function refusal(error: RegistryError): Problem {
  const { status, title } = PROBLEMS[error.code];
  const { code, detail, errors, checks } = error;
  return new Problem({ status, title, code, detail, errors, checks, cause: error.cause });
}

function unavailable(cause: unknown): Problem {
  const { status, title } = PROBLEMS.unavailable;
  const detail = 'The registry cannot reach its database right now. Try again shortly.';
  return new Problem({
    status,
    title,
    code: 'unavailable',
    detail,
    headers: { 'retry-after': RETRY_AFTER_SECONDS },
    cause,
  });
}
