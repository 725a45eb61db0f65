import { Body, Controller, Get, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { RequireScope } from '@partner-ecosystem/mtls-binding';
import { ApiJson, ApiJsonBody, ApiProblem } from '@partner-ecosystem/platform/openapi';
import { OnListener } from '@partner-ecosystem/platform/serve';
import { DataSource } from 'typeorm';
import { pageQuery, pageRequest, type Page, type PageQuery } from '../conventions/page.js';
import { ReadResourceServers } from './read-resource-servers.js';
import { RegisterResourceServer, type ResourceServerWithScopes } from './register-resource-server.js';
import {
  newResourceServer,
  newResourceServerExamples,
  resourceServerOutput,
  resourceServerPageOutput,
  type NewResourceServer,
} from './resource-server.schema.js';

@ApiTags('resource servers')
@ApiProblem(401, 'No token, or one that is not valid over this connection')
@ApiProblem(403, 'The token lacks a scope')
@Controller('v1/resource-servers')
@OnListener('mtls')
export class ResourceServersController {
  constructor(
    private readonly database: DataSource,
    private readonly registration: RegisterResourceServer,
    private readonly resourceServers: ReadResourceServers,
  ) {}

  @Post()
  @RequireScope('registry:resource-servers:write')
  @ApiOperation({ summary: 'Register a resource server', description: 'Scope `registry:resource-servers:write`' })
  @ApiJsonBody({ schema: newResourceServer, examples: newResourceServerExamples })
  @ApiJson({ status: 201, schema: resourceServerOutput, description: 'The resource server and its scopes.' })
  @ApiProblem(400, '`invalid_request`')
  @ApiProblem(409, '`audience_taken`')
  registerResourceServer(
    @Body({ schema: newResourceServer }) body: NewResourceServer,
  ): Promise<ResourceServerWithScopes> {
    return this.database.transaction((transaction) => this.registration.register(transaction, body));
  }

  @Get()
  @RequireScope('registry:resource-servers:read')
  @ApiOperation({ summary: 'List resource servers', description: 'Scope `registry:resource-servers:read`' })
  @ApiJson({ status: 200, schema: resourceServerPageOutput, description: 'A page of resource servers, oldest first.' })
  @ApiProblem(400, '`invalid_request`')
  listResourceServers(@Query({ schema: pageQuery }) query: PageQuery): Promise<Page<ResourceServerWithScopes>> {
    return this.resourceServers.page(pageRequest(query));
  }
}
