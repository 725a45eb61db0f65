import { Readable } from 'node:stream';
import { Controller, Get, Headers, Query, StreamableFile } from '@nestjs/common';
import { ApiTags } from '@partner-ecosystem/platform/openapi';
import { OnListener } from '@partner-ecosystem/platform/serve';
import { Operation } from '../http/operation.decorator.js';
import type { Page } from '../http/page.js';
import {
  auditEventPageExamples,
  auditEventPageOutput,
  auditEventQuery,
  type AuditEvent,
  type AuditEventQuery,
} from './audit-event.schema.js';
import { ReadAuditEvents } from './read-audit-events.js';

const NDJSON = 'application/x-ndjson';

@ApiTags('audit')
@Controller('v1/audit-events')
@OnListener('mtls')
export class AuditEventsController {
  constructor(private readonly events: ReadAuditEvents) {}

  @Get()
  @Operation({
    summary: 'List audit events',
    description:
      'With `Accept: application/x-ndjson` every matching event, one per line, as an export: ' +
      'without its `hash`, and written as RFC 8785 says, a line has that SHA-256, and the next one repeats it.',
    scope: 'registry:audit:read',
    answer: {
      schema: auditEventPageOutput,
      description: 'A page of events, oldest first.',
      examples: auditEventPageExamples,
    },
  })
  async listAuditEvents(
    @Query({ schema: auditEventQuery }) query: AuditEventQuery,
    @Headers('accept') accept: string | undefined,
  ): Promise<Page<AuditEvent> | StreamableFile> {
    if (!accepts(accept, NDJSON)) return this.events.page(query);
    return new StreamableFile(Readable.from(this.events.lines(query)), { type: NDJSON });
  }
}

function accepts(header: string | undefined, type: string): boolean {
  return (header ?? '').split(',').some((range) => range.split(';')[0]!.trim().toLowerCase() === type);
}
