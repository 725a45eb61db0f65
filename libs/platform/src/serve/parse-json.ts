import { Problem } from '../problem/index.js';

/**
 * A JSON body (RFC 8259), with or without a byte order mark. What a program could mistake for a prototype is refused, and said to be that: it
 * is valid JSON.
 * @throws Problem 400 `malformed_json` with the position where it is known, `invalid_request`; neither repeats any of the text
 */
export function parseJson(text: string): unknown {
  const json = text.startsWith('\ufeff') ? text.slice(1) : text;
  if (json.trim() === '') throw refused('malformed_json', 'The body is empty; send JSON.');
  try {
    return JSON.parse(json, refusePrototypes);
  } catch (error) {
    if (error instanceof Problem) throw error;
    // the message itself quotes the text
    const position = /at position \d+/.exec((error as Error).message)?.[0];
    throw refused('malformed_json', `The body is not valid JSON${position ? `, ${position}` : ''}.`);
  }
}

function refusePrototypes(name: string, value: unknown): unknown {
  const isPrototype =
    name === '__proto__' || (name === 'constructor' && Object.hasOwn(Object(value) as object, 'prototype'));
  if (!isPrototype) return value;
  throw refused('invalid_request', `The body has a member "${name}", which is accepted nowhere.`);
}

function refused(code: string, detail: string): Problem {
  return new Problem({ status: 400, code, detail });
}
