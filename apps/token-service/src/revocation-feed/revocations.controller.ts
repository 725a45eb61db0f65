import { Controller, Get, Header, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@partner-ecosystem/platform/openapi';
import { AccessToken, RequireScope, type BoundToken } from '@partner-ecosystem/mtls-binding';
import { FEED_MEDIA_TYPE } from '@partner-ecosystem/mtls-binding/protocol';
import { OnListener } from '@partner-ecosystem/platform/serve';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiRevocations } from './api-revocations.js';
import { feedProblem } from './feed-problem.js';
import { feedQuery, type FeedQuery } from './feed-query.js';
import { FollowFeed } from './follow-feed.js';

@ApiTags('revocation')
@Controller('revocations')
export class RevocationsController {
  constructor(private readonly feed: FollowFeed) {}

  @Get()
  @OnListener('mtls')
  @RequireScope('revocations:read')
  @Header('cache-control', 'no-store')
  @ApiRevocations()
  async revocations(
    @AccessToken() { clientId }: BoundToken,
    @Query({ schema: feedQuery }) query: FeedQuery,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    const follower = { clientId, isOpen: () => isServed(request) };
    const { jws } = await this.feed.next(query, follower).catch((error: unknown) => {
      throw feedProblem(error);
    });
    // No ETag: each answer is signed anew, and a 304 would be no proof that nothing is new.
    void reply.header('content-type', FEED_MEDIA_TYPE);
    return jws;
  }
}

/** False when nobody waits for an answer any more, or the listener is closing and waits for it. */
function isServed({ raw: { socket } }: FastifyRequest): boolean {
  const { server } = socket as { server?: { listening?: boolean } };
  return !socket.destroyed && server?.listening !== false;
}
