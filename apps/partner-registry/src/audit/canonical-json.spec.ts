import { expect, it } from 'vitest';
import { canonicalJson } from './canonical-json.js';

// RFC 8785 section 3.2.2 and 3.2.3, as printed there.
it('writes the example of RFC 8785', () => {
  const value = JSON.parse(
    '{"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],' +
      '"string":"\\u20ac$\\u000F\\u000aA\'\\u0042\\u0022\\u005c\\\\\\"\\/","literals":[null,true,false]}',
  ) as unknown;
  expect(canonicalJson(value)).toBe(
    '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],' +
      '"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
  );
});

it('sorts members by UTF-16 code units, at every depth, and digits as text', () => {
  const value = {
    '\u20ac': 1,
    '\r': 2,
    '\ufb33': 3,
    '1': 4,
    '\ud83d\ude00': 5,
    '\u0080': 6,
    '\u00f6': { b: [{ d: 1, c: 2 }], a: 1 },
    '10': 7,
    '2': 8,
  };
  expect(canonicalJson(value)).toBe(
    '{"\\r":2,"1":4,"10":7,"2":8,"\u0080":6,"\u00f6":{"a":1,"b":[{"c":2,"d":1}]},"\u20ac":1,"\ud83d\ude00":5,"\ufb33":3}',
  );
});

it('is the same before and after a way through JSON', () => {
  const value = { when: new Date(0), none: undefined, list: [undefined], minus: -0, ['__proto__']: { x: 1 } };
  const text = canonicalJson(value);
  expect(text).toBe('{"__proto__":{"x":1},"list":[null],"minus":0,"when":"1970-01-01T00:00:00.000Z"}');
  expect(canonicalJson(JSON.parse(text))).toBe(text);
});
