import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@partner-ecosystem/platform/openapi';
import { OnListener } from '@partner-ecosystem/platform/serve';
import { Operation } from '../http/operation.decorator.js';
import { changeQuery, changesExamples, changesOutput, type ChangeQuery } from './change.schema.js';
import { ReadChanges, type Change } from './read-changes.js';

@ApiTags('changes')
@Controller('v1/changes')
@OnListener('mtls')
export class ChangesController {
  constructor(private readonly changes: ReadChanges) {}

  @Get()
  @Operation({
    summary: 'Follow changes',
    description: 'Ask again from `next_after`.',
    scope: 'registry:changes:read',
    answer: {
      schema: changesOutput,
      description: 'The changes after a number, in their order. None is ever left out or shown late.',
      examples: changesExamples,
    },
  })
  listChanges(@Query({ schema: changeQuery }) query: ChangeQuery): Promise<{ items: Change[]; next_after: number }> {
    return this.changes.after(query);
  }
}
