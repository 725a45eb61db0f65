import {
  applyDecorators,
  HttpCode,
  SerializeOptions,
  StandardSchemaSerializerInterceptor,
  UseInterceptors,
} from '@nestjs/common';
import { z } from 'zod';
import { ApiResponse, documentLater } from './documentation-decorators.js';
import { convertSchema } from './schema-converter.js';

/** Where a body leaves the named schemas it refers to, for the document to take them up. */
export const COMPONENTS = 'x-components';

/** Examples by name; the summary stands in Swagger UI's list. */
export type Examples = Record<string, { summary: string; value: unknown }>;

export interface ApiJsonOptions {
  /** HTTP status of success */
  status: number;
  /** an object schema; what it does not name is not sent */
  schema: z.ZodType;
  description: string;
  examples?: Examples;
  /**
   * The handler has put its answer through the schema itself. For routes that are called all the time: an interceptor of
   * Nest's, which does it for the others, makes it answer through RxJS, and that costs as much as a signature.
   */
  exact?: true;
}

/** Lets of what a handler returns only that out which the schema names. */
export function Whitelist(schema: z.ZodType): MethodDecorator {
  return applyDecorators(SerializeOptions({ schema }), UseInterceptors(StandardSchemaSerializerInterceptor));
}

/**
 * What a route answers when it succeeds: the status, the documentation, and the whitelist the answer passes through.
 * Throws TypeError for an array: Nest applies the schema to each item, and an object can grow a cursor later.
 * Does not check: answers a handler writes itself.
 */
export function ApiJson({ status, schema, description, examples, exact }: ApiJsonOptions): MethodDecorator {
  if (schema instanceof z.ZodArray) throw new TypeError('@ApiJson takes an object schema; wrap the list in one');
  return applyDecorators(
    HttpCode(status),
    ApiResponse({ status, description, standardSchema: schema, ...(examples ? { examples } : {}) }),
    ...(exact ? [] : [Whitelist(schema)]),
  );
}

export interface ApiJsonBodyOptions {
  /** the same schema that @Body({ schema }) validates with */
  schema: z.ZodType;
  description?: string;
  examples?: Examples;
  /** default true */
  required?: boolean;
}

/** Documents a body with examples; `@Body({ schema })` validates it. Other types than JSON: add @ApiConsumes(). */
export function ApiJsonBody({ schema, description, examples, required = true }: ApiJsonBodyOptions): MethodDecorator {
  return documentLater(({ ApiBody }) => {
    const converted = convertSchema(schema, { schemaType: 'input' });
    const json: object = { ...converted?.schema, [COMPONENTS]: converted?.components ?? {} };
    return ApiBody({ schema: json as never, description, required, ...(examples ? { examples } : {}) });
  });
}
