import type { IncomingMessage } from 'node:http';
import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { remoteAddressOf } from '../serve/remote-address.js';
import type { LimitedCaller, Limits } from './limits.js';

export interface LimitedApp {
  readonly limits: Limits;
  /** what identifies the certificate that the connection proved; undefined: none, or it is not believed */
  readonly certificateOf: (request: IncomingMessage) => string | undefined;
  /** the client whose token the app's guard has admitted; undefined on a public route */
  readonly clientOf: (request: FastifyRequest) => string | undefined;
}

const CALLER = Symbol('limited caller');
type Limited = FastifyRequest & { [CALLER]?: LimitedCaller };

/**
 * Holds every request of an app to the limits: by address or known certificate before its body is read, by its number
 * when it has arrived, and by its client when the guard has admitted it. Call it in ServeOptions.configure.
 */
export function enforceLimits(app: NestFastifyApplication, { limits, certificateOf, clientOf }: LimitedApp): void {
  const fastify = app.getHttpAdapter().getInstance() as unknown as FastifyInstance;
  fastify.addHook('onRequest', (request, _reply, done) => {
    try {
      (request as Limited)[CALLER] = limits.arrive(remoteAddressOf(request), believed(certificateOf, request.raw));
      done();
    } catch (error) {
      done(error as Error);
    }
  });
  // Only now: a body that drips in must not keep others out.
  fastify.addHook('preHandler', (request, reply, done) => {
    try {
      reply.raw.once('close', limits.enter(callerOf(request)));
      done();
    } catch (error) {
      done(error as Error);
    }
  });
  fastify.addHook('onResponse', (request, reply, done) => {
    const caller = (request as Limited)[CALLER];
    if (caller && reply.statusCode === 401) limits.refused(caller);
    done();
  });
  app.useGlobalInterceptors(new ClientLimit(limits, clientOf));
}

// A source may refuse a request, for a forged header: the guard does so again, and says why.
function believed(certificateOf: LimitedApp['certificateOf'], request: IncomingMessage): string | undefined {
  try {
    return certificateOf(request);
  } catch {
    return undefined;
  }
}

function callerOf(request: FastifyRequest): LimitedCaller {
  const caller = (request as Limited)[CALLER];
  if (!caller) throw new TypeError('a request that did not pass the limits');
  return caller;
}

/** Interceptors come after all guards, and before anything of the route. */
class ClientLimit implements NestInterceptor {
  constructor(
    private readonly limits: Limits,
    private readonly clientOf: LimitedApp['clientOf'],
  ) {}

  intercept(context: ExecutionContext, next: CallHandler) {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const clientId = this.clientOf(request);
    if (clientId !== undefined) this.limits.proved(callerOf(request), clientId);
    return next.handle();
  }
}
