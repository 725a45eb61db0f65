import { errorFields, type Logger } from '../logging/index.js';
import type { Problem } from './problem.js';

/**
 * The private face of a refusal or a failure: one line with the request id, the public code and the chain of causes.
 * Failures (5xx) at error with stacks; refused credentials (401, 403) at warn; other refusals at info.
 */
export function logProblem(logger: Logger, problem: Problem, requestId: string): void {
  const failed = problem.status >= 500;
  const level = failed ? 'error' : problem.status === 401 || problem.status === 403 ? 'warn' : 'info';
  logger[level](
    {
      request_id: requestId,
      status: problem.status,
      code: problem.code,
      ...(problem.errors ? { errors: problem.errors } : {}),
      err: errorFields(problem, { stack: failed }),
    },
    failed ? 'request failed' : 'request refused',
  );
}
