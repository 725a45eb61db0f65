import { addressOf, type Operation } from './api-document.js';
import type { HostileRequest } from './hostile-requests.js';
import type { KnownValues } from './valid-values.js';

const BAD_TEXTS = ['\u0000', 'a\u0000b', '\ud800', 'x'.repeat(5_000)];

/** One request for every place of an operation that takes text, and every text that no place may take. */
export function requestsWithBadText(operation: Operation, known: KnownValues): HostileRequest[] {
  const address = addressOf(operation.path, (prefix) => known.identifiers[prefix]?.[0]);
  const headers = { 'if-match': '"1"' };
  const inQuery = operation.parameters
    .filter((parameter) => parameter.in === 'query')
    .flatMap(({ name }) => BAD_TEXTS.map((text) => `${address}?${new URLSearchParams({ [name]: text }).toString()}`))
    .map((path) => ({ path, headers: {}, body: undefined, spoilt: undefined }));
  const inPath = BAD_TEXTS.filter((text) => text !== '\ud800').map((text) => {
    const path = operation.path.replace(/\{\w+\}/g, encodeURIComponent(text));
    return { path, headers, body: undefined, spoilt: undefined };
  });
  const inBody = examplesOf(operation).flatMap(([contentType, value]) =>
    Object.keys(value).flatMap((member) =>
      BAD_TEXTS.map((text) => {
        const body = { text: JSON.stringify({ ...value, [member]: text }), contentType };
        return { path: address, headers, body, spoilt: `/${member}` };
      }),
    ),
  );
  return [...inQuery, ...(operation.path.includes('{') ? inPath : []), ...inBody];
}

function examplesOf({ bodies }: Operation): [string, object][] {
  return Object.entries(bodies).flatMap(([contentType, { examples = {} }]) =>
    Object.values(examples).map(({ value }): [string, object] => [contentType, value as object]),
  );
}
