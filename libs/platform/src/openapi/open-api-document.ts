import type { INestApplication } from '@nestjs/common';
import type { OpenAPIObject } from '@nestjs/swagger';
import { PLATFORM_PROBLEMS, type ProblemTable } from '../problem/problem-table.js';
import { addRefusals, PROBLEM_PAGE } from './add-refusals.js';
import { COMPONENTS } from './api-json.js';
import { PROBLEM_PAGE_SCHEMA, PROBLEM_SCHEMA } from './problem-schema.js';
import { swaggerWithDocumentation } from './documentation-decorators.js';
import { convertSchema, type ConvertedSchema } from './schema-converter.js';

type SecuritySchemes = NonNullable<NonNullable<OpenAPIObject['components']>['securitySchemes']>;

export interface ApiDescription {
  title: string;
  version: string;
  /** Markdown, shown first */
  description: string;
  servers?: ReadonlyArray<{ url: string; description?: string }>;
  /** by name; each one is an alternative for every operation that declares nothing else */
  securitySchemes?: SecuritySchemes;
  /** the groups of operations, in the order in which they are shown */
  tags?: ReadonlyArray<{ name: string; description: string }>;
  /** the app's own codes, which a route may name beside those of the platform */
  problems?: ProblemTable;
}

/**
 * The app's OpenAPI 3.1 document, made from its controllers and their zod schemas.
 * Throws Error when two schemas with one `id` differ, or when a route names a code that the table does not have. Does not check: that descriptions are true.
 */
export async function openApiDocument(app: INestApplication, about: ApiDescription): Promise<OpenAPIObject> {
  const { DocumentBuilder, SwaggerModule } = await swaggerWithDocumentation();
  const builder = new DocumentBuilder().setOpenAPIVersion('3.1.0');
  builder.setTitle(about.title).setVersion(about.version).setDescription(about.description);
  about.servers?.forEach(({ url, description }) => builder.addServer(url, description));
  const schemes = Object.entries(about.securitySchemes ?? {});
  schemes.forEach(([name, scheme]) => builder.addSecurity(name, scheme as never).addSecurityRequirements(name));
  for (const { name, description } of about.tags ?? []) builder.addTag(name, description);
  const one = oneMeaningPerName();
  const document = SwaggerModule.createDocument(app, builder.build(), {
    standardSchemaConverter: (schema, options) => one.of(convertSchema(schema, options)),
    operationIdFactory: (controller, method) => `${controller.replace(/Controller$/, '')}_${method}`,
  });
  takeComponents(document.paths, (components) => one.of({ schema: {}, components }));
  const schemas = { ...one.components, Problem: PROBLEM_SCHEMA, ProblemPage: PROBLEM_PAGE_SCHEMA };
  (document.components ??= {}).schemas = inOrder({ ...document.components.schemas, ...schemas }) as never;
  // A copy: what is added to a document is added to its own.
  document.paths = { '/problems/{code}': structuredClone(PROBLEM_PAGE) as never, ...document.paths };
  return addRefusals(document, { ...PLATFORM_PROBLEMS, ...about.problems });
}

const inOrder = (members: object): object =>
  Object.fromEntries(Object.entries(members).sort(([a], [b]) => (a < b ? -1 : 1)));

// Swagger lets the last of two schemas with one name win: the request's form would describe the answer.
function oneMeaningPerName() {
  const components: Record<string, unknown> = {};
  const of = <Converted extends ConvertedSchema | undefined>(converted: Converted): Converted => {
    for (const [name, component] of Object.entries(converted?.components ?? {})) {
      const text = JSON.stringify(component);
      if (JSON.stringify(components[name] ?? component) !== text)
        throw new Error(`Two different schemas have the id "${name}"`);
      components[name] = component;
    }
    return converted;
  };
  return { of, components };
}

/** What bodies bring along beside their schema: Swagger has no place for it. */
function takeComponents(value: unknown, take: (components: Record<string, unknown>) => void): void {
  if (typeof value !== 'object' || value === null) return;
  const members = value as Record<string, unknown>;
  if (COMPONENTS in members) {
    take(members[COMPONENTS] as Record<string, unknown>);
    delete members[COMPONENTS];
  }
  for (const member of Object.values(members)) takeComponents(member, take);
}
