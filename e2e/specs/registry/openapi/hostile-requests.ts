import fc from 'fast-check';
import { prefixOf, type Operation, type Parameter } from './api-document.js';
import { hostileTexts, hostileValues, jsonText, readOnlyMembers } from './hostile-values.js';
import { validValues, type KnownValues } from './valid-values.js';

/** A request as it goes out, and the one member of its body that was spoilt, if all else is as it should be. */
export interface HostileRequest {
  path: string;
  headers: Record<string, string>;
  body: { text: string; contentType: string | undefined } | undefined;
  spoilt: string | undefined;
}

type Texts = Record<string, string>;

const CONTENT_TYPES = [
  'text/plain',
  'application/xml',
  'application/json; charset=utf-16',
  'multipart/form-data',
  'x',
  '/',
];
const HEADER_TEXT = fc.stringMatching(/^[\x21-\x7e]([\x20-\x7e]{0,60}[\x21-\x7e])?$/);

/** Now and then: one hostile part is enough to be refused, and most requests should get further than that. */
function seldom<T>(values: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
  return fc.oneof({ weight: 12, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: values });
}

/** Valid, nearly valid and hostile requests for one operation. */
export function hostileRequests(operation: Operation, known: KnownValues): fc.Arbitrary<HostileRequest> {
  const { parameters } = operation;
  const paths = fc.record(
    Object.fromEntries(
      parameters.filter((one) => one.in === 'path').map((one) => [one.name, segments(operation, one, known)]),
    ),
  );
  const queries = valuesOf(parameters, 'query', known);
  const headers = valuesOf(parameters, 'header', known);
  const names = fc.constantFrom('x', 'offset', 'partner', '__proto__', 'dry_run');
  const unknownParameter = seldom(fc.tuple(names, fc.string()));
  return fc
    .record({ path: paths, query: queries, headers, unknownParameter, body: bodies(operation, known) })
    .map(({ path, query, headers: sent, unknownParameter: extra, body }) => {
      const address = operation.path.replace(/\{(\w+)\}/g, (_, name: string) => String(path[name]));
      const search = new URLSearchParams(query);
      if (extra) search.append(...extra);
      const text = search.toString();
      return { path: text === '' ? address : `${address}?${text}`, headers: sent, ...body };
    });
}

function segments({ path }: Operation, { name }: Parameter, known: KnownValues): fc.Arbitrary<string> {
  const prefix = prefixOf(path, name);
  const existing = known.identifiers[prefix] ?? [];
  const other = fc.stringMatching(new RegExp(`^${prefix}_[0-9a-f]{32}$`));
  const hostile = fc.oneof(
    fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }).filter(isText).map(encodeURIComponent),
    fc.constantFrom(
      '%00',
      '%zz',
      '%ff',
      '..%2f..',
      `${prefix}_`,
      'x'.repeat(300),
      '-',
      '%20',
      `${prefix}_${'A'.repeat(32)}`,
    ),
  );
  if (existing.length === 0) return fc.oneof(other, hostile);
  return fc.oneof({ weight: 16, arbitrary: fc.constantFrom(...existing) }, { weight: 1, arbitrary: other }, hostile);
}

// encodeURIComponent refuses lone surrogates, and a path of dots is normalised away before it is sent
function isText(text: string): boolean {
  return !/\p{Cs}/u.test(text) && !/^\.+$/.test(text);
}

function valuesOf(parameters: Parameter[], where: Parameter['in'], known: KnownValues): fc.Arbitrary<Texts> {
  const strange = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('\u0000', '', '0', '201', 'MTp4'));
  const hostile = where === 'header' ? HEADER_TEXT : strange;
  const chosen = parameters
    .filter((parameter) => parameter.in === where)
    .map(({ name, schema = {}, required = false }): [string, fc.Arbitrary<string | undefined>] => {
      const valid = { weight: required ? 12 : 3, arbitrary: validValues(schema, known).map(String) };
      const absent = { weight: required ? 1 : 9, arbitrary: fc.constant(undefined) };
      return [name, fc.oneof(absent, valid, { weight: 1, arbitrary: hostile })];
    });
  return fc.record(Object.fromEntries(chosen)).map(withoutAbsent);
}

function withoutAbsent(values: Record<string, string | undefined>): Texts {
  return Object.fromEntries(
    Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

type Body = Pick<HostileRequest, 'body' | 'spoilt'>;

function bodies({ bodies: documented, method }: Operation, known: KnownValues): fc.Arbitrary<Body> {
  const [first] = Object.entries(documented);
  const none: fc.Arbitrary<Body> = fc.constant({ body: undefined, spoilt: undefined });
  if (!first) return method === 'GET' ? none : fc.oneof(none, fc.constant(asBody('{}', 'application/json')));
  const [contentType, { schema = {}, examples = {} }] = first;
  const values = Object.values(examples).map(({ value }) => value as object);
  const generated = validValues(schema, known) as fc.Arbitrary<object>;
  const valid = values.length === 0 ? generated : fc.oneof(generated, fc.constantFrom(...values));
  const anyType = fc.constantFrom(contentType, 'application/json', 'application/merge-patch+json', ...CONTENT_TYPES);
  return fc.oneof(
    { weight: 6, arbitrary: valid.map((value) => asBody(jsonText(value), contentType)) },
    { weight: 4, arbitrary: spoilt(valid).map(([value, at]) => asBody(jsonText(value), contentType, at)) },
    { weight: 1, arbitrary: hostileValues.map((value) => asBody(jsonText(value), contentType)) },
    { weight: 1, arbitrary: hostileTexts.map((text) => asBody(text, contentType)) },
    { weight: 1, arbitrary: fc.tuple(valid, anyType).map(([value, type]) => asBody(jsonText(value), type)) },
    { weight: 1, arbitrary: none },
  );
}

function asBody(text: string, contentType: string, at?: string): Body {
  return { body: { text, contentType }, spoilt: at };
}

/** One member replaced, left out or added. */
function spoilt(valid: fc.Arbitrary<object>): fc.Arbitrary<[object, string | undefined]> {
  return fc
    .tuple(valid, fc.nat(), hostileValues, readOnlyMembers, fc.constantFrom('replace', 'omit', 'add'))
    .map(([value, which, hostile, [name, content], how]): [object, string | undefined] => {
      const names = Object.keys(value);
      const member = names[which % Math.max(names.length, 1)];
      if (how === 'add' || member === undefined)
        return [{ ...value, [name]: content }, name in value ? undefined : `/${name}`];
      if (how === 'replace') return [{ ...value, [member]: hostile }, `/${member}`];
      return [Object.fromEntries(Object.entries(value).filter(([other]) => other !== member)), `/${member}`];
    });
}
