import { StandardSchemaValidationPipe, type ArgumentMetadata, type PipeTransform } from '@nestjs/common';
import { problemFromIssues, type SchemaIssue } from './problem-from-issues.js';

const PLACES: Readonly<Record<string, string>> = { body: 'body', query: 'query', param: 'path' };

/**
 * Validates `@Body({ schema })`, `@Query({ schema })` and `@Param({ schema })` and hands the parsed value on; throws a
 * Problem 400 `invalid_request` with JSON pointers. Installed globally by serve().
 * Does not check: parameters without a schema.
 */
export function validationPipe(): PipeTransform {
  // The pipe's exception factory is not told where the value came from, so there is one pipe per place.
  const pipes = new Map(Object.entries(PLACES).map(([type, where]) => [type, pipeFor(where)]));
  return {
    transform: (value: unknown, metadata: ArgumentMetadata) =>
      pipes.get(metadata.type)?.transform(value, metadata) ?? value,
  };
}

function pipeFor(where: string): StandardSchemaValidationPipe {
  return new StandardSchemaValidationPipe({
    exceptionFactory: (issues) => problemFromIssues(issues as readonly SchemaIssue[], where),
  });
}
