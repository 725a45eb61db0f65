import type { INestApplication } from '@nestjs/common';
import type { OpenAPIObject } from '@nestjs/swagger';
import { addRefusals, PROBLEM_PAGE } from './add-refusals.js';
import { PROBLEM_SCHEMA } from './problem-schema.js';
import { swaggerWithDocumentation } from './documentation-decorators.js';
import { convertSchema } from './schema-converter.js';

type SecuritySchemes = NonNullable<NonNullable<OpenAPIObject['components']>['securitySchemes']>;

export interface ApiDescription {
  title: string;
  version: string;
  /** Markdown, shown first */
  description: string;
  servers?: ReadonlyArray<{ url: string; description?: string }>;
  /** by name; each one is an alternative for every operation that declares nothing else */
  securitySchemes?: SecuritySchemes;
}

/**
 * The app's OpenAPI 3.1 document, made from its controllers and their zod schemas.
 * Throws Error when two schemas with one `id` differ. Does not check: that descriptions are true.
 */
export async function openApiDocument(app: INestApplication, about: ApiDescription): Promise<OpenAPIObject> {
  const { DocumentBuilder, SwaggerModule } = await swaggerWithDocumentation();
  const builder = new DocumentBuilder().setOpenAPIVersion('3.1.0');
  builder.setTitle(about.title).setVersion(about.version).setDescription(about.description);
  about.servers?.forEach(({ url, description }) => builder.addServer(url, description));
  const schemes = Object.entries(about.securitySchemes ?? {});
  schemes.forEach(([name, scheme]) => builder.addSecurity(name, scheme as never).addSecurityRequirements(name));
  const document = SwaggerModule.createDocument(app, builder.build(), {
    standardSchemaConverter: oneMeaningPerName(),
    operationIdFactory: (controller, method) => `${controller.replace(/Controller$/, '')}_${method}`,
  });
  const components = (document.components ??= {});
  components.schemas = { ...components.schemas, Problem: PROBLEM_SCHEMA as never };
  document.paths = { '/problems/{code}': PROBLEM_PAGE as never, ...document.paths };
  return addRefusals(document);
}

// Swagger lets the last of two schemas with one name win: the request's form would describe the answer.
function oneMeaningPerName(): typeof convertSchema {
  const seen = new Map<string, string>();
  return (schema, options) => {
    const converted = convertSchema(schema, options);
    for (const [name, component] of Object.entries(converted?.components ?? {})) {
      const text = JSON.stringify(component);
      if ((seen.get(name) ?? text) !== text) throw new Error(`Two different schemas have the id "${name}"`);
      seen.set(name, text);
    }
    return converted;
  };
}
