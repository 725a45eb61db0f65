import { Controller, Get, Query } from '@nestjs/common';
import { RequireScope } from '@partner-ecosystem/mtls-binding';
import { ApiJson, ApiOperation, ApiProblem, ApiTags } from '@partner-ecosystem/platform/openapi';
import { OnListener } from '@partner-ecosystem/platform/serve';
import { changeQuery, changesExamples, changesOutput, type ChangeQuery } from './change.schema.js';
import { ReadChanges, type Change } from './read-changes.js';

@ApiTags('changes')
@Controller('v1/changes')
@OnListener('mtls')
export class ChangesController {
  constructor(private readonly changes: ReadChanges) {}

  @Get()
  @RequireScope('registry:changes:read')
  @ApiOperation({
    summary: 'Follow changes',
    description: 'Scope `registry:changes:read`. Ask again from `next_after`.',
  })
  @ApiJson({
    status: 200,
    schema: changesOutput,
    description: 'The changes after a number, in their order. None is ever left out or shown late.',
    examples: changesExamples,
  })
  @ApiProblem(400, '`invalid_request`')
  listChanges(@Query({ schema: changeQuery }) query: ChangeQuery): Promise<{ items: Change[]; next_after: number }> {
    return this.changes.after(query);
  }
}
