import { Controller, Get, Query } from '@nestjs/common';
import { RequireScope } from '@partner-ecosystem/mtls-binding';
import { ApiJson, ApiOperation, ApiProblem, ApiTags } from '@partner-ecosystem/platform/openapi';
import { OnListener } from '@partner-ecosystem/platform/serve';
import { expirySummaryExamples } from './expiry-summary.examples.js';
import {
  expirySummaryOutput,
  expirySummaryQuery,
  type ExpirySummary,
  type ExpirySummaryQuery,
} from './expiry-summary.schema.js';
import { SummariseExpiry } from './summarise-expiry.js';

@ApiTags('certificates')
@ApiProblem(400, '`invalid_request`')
@Controller('v1/certificates/expiry-summary')
@OnListener('mtls')
export class ExpirySummaryController {
  constructor(private readonly expiry: SummariseExpiry) {}

  @Get()
  @RequireScope('registry:certificates:read')
  @ApiOperation({
    summary: 'Count certificates by how soon they end',
    description: 'Scope `registry:certificates:read`. The list with `expires_within_days` names them.',
  })
  @ApiJson({
    status: 200,
    schema: expirySummaryOutput,
    description: 'By environment: what has just expired, and what ends within so many days.',
    examples: expirySummaryExamples,
  })
  getExpirySummary(@Query({ schema: expirySummaryQuery }) query: ExpirySummaryQuery): Promise<ExpirySummary> {
    return this.expiry.summary(query, new Date());
  }
}
