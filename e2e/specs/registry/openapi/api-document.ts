import type { HttpsClient, Method } from '../../../stack/admin/https-client.js';

/** As far as these specs read it: JSON Schema 2020-12. */
export interface JsonSchema {
  $ref?: string;
  type?: string | string[];
  enum?: unknown[];
  const?: unknown;
  examples?: unknown[];
  properties?: Record<string, JsonSchema>;
  required?: string[];
  additionalProperties?: boolean | JsonSchema;
  items?: JsonSchema;
  minItems?: number;
  maxItems?: number;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  pattern?: string;
  format?: string;
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  allOf?: JsonSchema[];
}

interface Media {
  schema?: JsonSchema;
  examples?: Record<string, { value: unknown }>;
}

export interface Parameter {
  name: string;
  in: 'path' | 'query' | 'header';
  required?: boolean;
  schema?: JsonSchema;
}

export interface Operation {
  id: string;
  method: Method;
  path: string;
  /** none: anybody may call it */
  guarded: boolean;
  parameters: Parameter[];
  bodies: Record<string, Media>;
  /** by status */
  answers: Record<string, { content?: Record<string, Media> }>;
}

interface DocumentedOperation {
  operationId: string;
  parameters?: Parameter[];
  requestBody?: { content: Record<string, Media> };
  responses: Operation['answers'];
  security?: unknown[];
}

/** What the running registry says of itself. */
export class ApiDocument {
  private constructor(private readonly json: { paths: Record<string, Record<string, DocumentedOperation>> }) {}

  static async of(client: HttpsClient, registryPublic: string): Promise<ApiDocument> {
    const { body } = await client.send({ url: `${registryPublic}/docs/openapi.json` });
    return new ApiDocument(inlined(body, body['components'] as Components) as ApiDocument['json']);
  }

  get operations(): Operation[] {
    return Object.entries(this.json.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, documented]) => ({
        id: documented.operationId,
        method: method.toUpperCase() as Method,
        path,
        guarded: path.startsWith('/v1/'),
        parameters: documented.parameters ?? [],
        bodies: documented.requestBody?.content ?? {},
        answers: documented.responses,
      })),
    );
  }
}

type Components = Record<string, Record<string, unknown>>;

/** With whatever a reference leads to in its place, so that every part stands alone. */
function inlined(value: unknown, components: Components): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => inlined(item, components));
  const [, kind, name] = /^#\/components\/(\w+)\/(.+)$/.exec(String((value as JsonSchema).$ref)) ?? [];
  if (kind !== undefined && name !== undefined) return inlined(components[kind]![name], components);
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, inlined(member, components)]));
}

/** The kind of thing a path's parameter names: the collection before it, such as `partners`. */
function collectionBefore(path: string, parameter: string): string {
  const steps = path.split('/');
  return steps[steps.findIndex((step) => step.startsWith(`{${parameter}}`)) - 1] ?? '';
}

const PREFIXES: Record<string, string> = {
  partners: 'ptn',
  clients: 'cli',
  certificates: 'crt',
  contacts: 'ctc',
  grants: 'grt',
  scopes: 'scp',
  'trust-anchors': 'anc',
  'resource-servers': 'rsv',
};

/** The prefix of the identifiers that a path's parameter takes. */
export function prefixOf(path: string, parameter: string): string {
  return PREFIXES[collectionBefore(path, parameter)] ?? 'ptn';
}

/** The path with an identifier for each parameter; of nothing, where none is known. */
export function addressOf(path: string, known: (prefix: string) => string | undefined): string {
  return path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const prefix = prefixOf(path, name);
    return known(prefix) ?? `${prefix}_${'0'.repeat(32)}`;
  });
}
