import { Controller, Get, Param } from '@nestjs/common';
import { Public } from '@partner-ecosystem/mtls-binding';
import { ApiJson, ApiOperation, ApiTags } from '@partner-ecosystem/platform/openapi';
import { OnListener } from '@partner-ecosystem/platform/serve';
import { problemExplanation, type ProblemExplanation } from './problem.schema.js';
import { PROBLEMS, type ProblemCode } from './problem-table.js';
import { RegistryError } from './registry-error.js';

/** What `type` of a problem points to: readable without a token, because who has none needs it most. */
@ApiTags('problems')
@Controller('problems')
@OnListener('tls', 'mtls')
@Public()
export class ProblemsController {
  @Get(':code')
  @ApiOperation({ summary: 'Explain a code', description: 'Needs no token.', security: [] })
  @ApiJson({ status: 200, schema: problemExplanation, description: 'What the code means and what to do about it.' })
  explainProblem(@Param('code') code: string): ProblemExplanation {
    if (!Object.hasOwn(PROBLEMS, code)) throw RegistryError.notFound();
    return { code, ...PROBLEMS[code as ProblemCode] };
  }
}
