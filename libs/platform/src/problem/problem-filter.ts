import type { ServerResponse } from 'node:http';
import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { requestIdOf, type Logger } from '../logging/index.js';
import { logProblem } from './log-problem.js';
import { problemFrom } from './problem-from.js';
import { sendProblem } from './send-problem.js';

/** Answers everything thrown while a request was served as RFC 9457, and logs the private face with the request id. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly logger: Logger) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const requestId = requestIdOf(http.getRequest<FastifyRequest>());
    const problem = problemFrom(thrown);
    logProblem(this.logger, problem, requestId);
    sendProblem(http.getResponse<FastifyReply | ServerResponse>(), problem, requestId);
  }
}
