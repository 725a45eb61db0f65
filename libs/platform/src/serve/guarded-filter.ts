import type { ArgumentsHost, ExceptionFilter } from '@nestjs/common';
import type { Logger } from '../logging/index.js';
import { ProblemFilter } from '../problem/index.js';

// Nest's name for what @Catch() lists.
const CAUGHT = '__filterCatchExceptions__';

/**
 * An app's own exception filter in front of ProblemFilter: what its @Catch() does not list, and what it throws
 * itself, is answered as a problem. Nothing falls through to an answer that neither of us wrote.
 */
export function guardedFilter(own: ExceptionFilter, logger: Logger): ExceptionFilter {
  const fallback = new ProblemFilter(logger);
  const caught = (Reflect.getMetadata(CAUGHT, own.constructor) ?? []) as Array<new () => unknown>;
  const isOwn = (thrown: unknown) => caught.length === 0 || caught.some((type) => thrown instanceof type);
  return {
    catch(thrown: unknown, host: ArgumentsHost) {
      if (!isOwn(thrown)) return fallback.catch(thrown, host);
      try {
        const result: unknown = own.catch(thrown, host);
        return result instanceof Promise ? result.catch((error: unknown) => fallback.catch(error, host)) : result;
      } catch (error) {
        return fallback.catch(error, host);
      }
    },
  };
}
