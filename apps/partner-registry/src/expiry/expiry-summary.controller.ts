import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@partner-ecosystem/platform/openapi';
import { OnListener } from '@partner-ecosystem/platform/serve';
import { Operation } from '../http/operation.decorator.js';
import { expirySummaryExamples } from './expiry-summary.examples.js';
import {
  expirySummaryOutput,
  expirySummaryQuery,
  type ExpirySummary,
  type ExpirySummaryQuery,
} from './expiry-summary.schema.js';
import { SummariseExpiry } from './summarise-expiry.js';

@ApiTags('certificates')
@Controller('v1/certificates/expiry-summary')
@OnListener('mtls')
export class ExpirySummaryController {
  constructor(private readonly expiry: SummariseExpiry) {}

  @Get()
  @Operation({
    summary: 'Count certificates by how soon they end',
    description: 'The list with `expires_within_days` names them.',
    scope: 'registry:certificates:read',
    answer: {
      schema: expirySummaryOutput,
      description: 'By environment: what has just expired, and what ends within so many days.',
      examples: expirySummaryExamples,
    },
  })
  getExpirySummary(@Query({ schema: expirySummaryQuery }) query: ExpirySummaryQuery): Promise<ExpirySummary> {
    return this.expiry.summary(query, new Date());
  }
}
