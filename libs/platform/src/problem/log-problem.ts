import { whyDatabaseUnavailable } from '../database/why-database-unavailable.js';
import { errorFields, type Logger } from '../logging/index.js';
import type { Problem } from './problem.js';

/** RFC 9110 section 15.6.2: 501 says that the request asks for what nobody built, not that anything broke. */
const NOT_IMPLEMENTED = 501;

/**
 * The private face of a refusal or a failure: one line with the request id, the public code and the chain of causes.
 * Failures (5xx) at error, with stacks unless something was only not available (503): that is no bug, and in an outage
 * every request has such a line. Refused credentials (401, 403) at warn; other refusals at info.
 */
export function logProblem(logger: Logger, problem: Problem, requestId: string): void {
  const failed = isFailure(problem);
  const level = failed ? 'error' : problem.status === 401 || problem.status === 403 ? 'warn' : 'info';
  const database = problem.status === 503 ? whyDatabaseUnavailable(problem) : undefined;
  logger[level](
    {
      request_id: requestId,
      status: problem.status,
      code: problem.code,
      ...(problem.errors ? { errors: problem.errors } : {}),
      ...(database ? { database } : {}),
      err: errorFields(problem, { stack: failed && problem.status !== 503 }),
    },
    failed ? 'request failed' : 'request refused',
  );
}

function isFailure({ status }: Problem): boolean {
  return status >= 500 && status !== NOT_IMPLEMENTED;
}
