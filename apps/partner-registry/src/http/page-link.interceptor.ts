import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { tap, type Observable } from 'rxjs';

/** `Link: <…>; rel="next"` (RFC 8288) on every page that is not the last one: the same query, from the next cursor on. */
@Injectable()
export class PageLinkInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const http = context.switchToHttp();
    return next.handle().pipe(
      tap((body: unknown) => {
        const cursor = (body as { next_cursor?: unknown } | null | undefined)?.next_cursor;
        if (typeof cursor !== 'string') return;
        const link = `<${nextAddress(http.getRequest<FastifyRequest>().url, cursor)}>; rel="next"`;
        void http.getResponse<FastifyReply>().header('link', link);
      }),
    );
  }
}

// Relative, so that whoever stands in front of us may have whatever name it likes.
function nextAddress(address: string, cursor: string): string {
  const [path, query] = address.split('?', 2);
  const parameters = new URLSearchParams(query);
  parameters.set('cursor', cursor);
  return `${path}?${parameters}`;
}
