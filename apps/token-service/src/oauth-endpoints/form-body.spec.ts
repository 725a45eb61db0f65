import { expect, it } from 'vitest';
import { formBody } from './form-body.js';

it('A30: every parameter of a form is seen, a repeated one as an array, however many there are', () => {
  const many = Array.from({ length: 3_000 }, (_, number) => `p${number}=${number}`).join('&');
  const form = formBody(`scope=a+b&client_id=one&${many}&client_id=two&scope%3D=%3D&__proto__=x&empty=&none`);
  expect(Object.keys(form)).toHaveLength(3_006);
  expect(form).toMatchObject({ scope: 'a b', client_id: ['one', 'two'], p2999: '2999', 'scope=': '=' });
  expect(form).toMatchObject({ empty: '', none: '' });
  expect(Object.entries(form)).toContainEqual(['__proto__', 'x']);
});
