import { describe, expect, it } from 'vitest';
import { parseJson } from './parse-json.js';

const refusal = (text: string) => {
  try {
    return parseJson(text);
  } catch (error) {
    const { status, code, message } = error as { status: number; code: string; message: string };
    return { status, code, message };
  }
};

describe('A45: a JSON body', () => {
  it('is read, with a byte order mark too', () => {
    expect(parseJson('{"a": [1, null, "constructor"]}')).toEqual({ a: [1, null, 'constructor'] });
    expect(parseJson('\ufeff{"a": 1}')).toEqual({ a: 1 });
    expect(parseJson('{"constructor": "x", "prototype": {}}')).toEqual({ constructor: 'x', prototype: {} });
  });

  it.each([
    ['{"a": 1', /^The body is not valid JSON/],
    ['{"a": "secret', /^The body is not valid JSON, at position \d+\.$/],
    ['secret', /^The body is not valid JSON/],
    ['', /^The body is empty/],
    [' \n', /^The body is empty/],
  ])('%j is refused as malformed, and not repeated', (text, message) => {
    expect(refusal(text)).toMatchObject({
      status: 400,
      code: 'malformed_json',
      message: expect.stringMatching(message),
    });
    expect(JSON.stringify(refusal(text))).not.toContain('secret');
  });

  it.each(['{"__proto__": {}}', '{"a": [{"\\u005f_proto__": 1}]}', '{"constructor": {"prototype": {}}}'])(
    '%s is valid JSON, and refused for what it is',
    (text) => {
      const message = expect.stringMatching(/has a member "(__proto__|constructor)"/) as string;
      expect(refusal(text)).toMatchObject({ status: 400, code: 'invalid_request', message });
    },
  );
});
