import { BadRequestException, HttpException, InternalServerErrorException, NotFoundException } from '@nestjs/common';
import { describe, expect, it } from 'vitest';
import { Problem, problemFrom, problemFromIssues } from './index.js';

const faceOf = (thrown: unknown) => {
  const { status, code, detail } = problemFrom(thrown);
  return { status, code, detail };
};

describe('problemFrom', () => {
  it('leaves a Problem as it is', () => {
    const problem = new Problem({ status: 409, code: 'slug_taken', detail: 'x' });
    expect(problemFrom(problem)).toBe(problem);
    expect(problem.title).toBe('Slug taken');
  });

  it('takes code and detail from an HttpException that has both, and only then', () => {
    const cause = new Error('private');
    const spoken = problemFrom(new HttpException({ code: 'invalid_token', detail: 'No.' }, 401, { cause }));
    expect(spoken).toMatchObject({ status: 401, code: 'invalid_token', detail: 'No.', cause });
    expect(faceOf(new HttpException({ code: 'x' }, 403))).toMatchObject({ status: 403, code: 'forbidden' });
    expect(faceOf(new BadRequestException('the table "x" says'))).toMatchObject({
      status: 400,
      code: 'invalid_request',
    });
    expect(faceOf(new NotFoundException())).toMatchObject({ status: 404, code: 'not_found' });
    expect(faceOf(new HttpException('teapot', 418))).toMatchObject({ status: 418, code: 'request_refused' });
  });

  it('lets a server failure speak for itself only through code and detail', () => {
    const unavailable = new HttpException({ code: 'keys_unavailable', detail: 'Later.' }, 503);
    expect(faceOf(unavailable)).toEqual({ status: 503, code: 'keys_unavailable', detail: 'Later.' });
    expect(faceOf(new InternalServerErrorException('SELECT')).detail).not.toContain('SELECT');
  });

  it("believes a foreign error's 4xx but not its text, and nothing beyond", () => {
    expect(faceOf(Object.assign(new Error('path /etc'), { statusCode: 404 }))).toMatchObject({
      status: 404,
      code: 'not_found',
    });
    for (const statusCode of [200, 503, 999, 'x']) {
      expect(faceOf(Object.assign(new Error('x'), { statusCode }))).toMatchObject({
        status: 500,
        code: 'internal_error',
      });
    }
  });

  it.each([undefined, null, 'text', 42, { statusCode: 404 }, new Error('secret')])(
    'makes 500 of %s, saying nothing',
    (thrown) => {
      const problem = problemFrom(thrown);
      expect(problem).toMatchObject({ status: 500, code: 'internal_error' });
      expect(JSON.stringify(problem.body('req_1'))).not.toContain('secret');
    },
  );

  it('the body has the members of RFC 9457 and the request id, and neither cause nor stack', () => {
    const problem = new Problem({
      status: 422,
      code: 'odd',
      detail: 'd',
      checks: [{ id: 'c' }],
      cause: new Error('private'),
    });
    expect(problem.body('req_1')).toEqual({
      type: '/problems/odd',
      title: 'Odd',
      status: 422,
      code: 'odd',
      detail: 'd',
      checks: [{ id: 'c' }],
      request_id: 'req_1',
    });
  });
});

describe('problemFromIssues', () => {
  it('escapes JSON pointers, takes both forms of a path, and lists unknown members one by one', () => {
    const { errors, code, status } = problemFromIssues([
      { message: 'bad', path: ['a/b', { key: 'c~d' }, 0], code: 'invalid_type' },
      { message: 'unknown', path: ['inner'], code: 'unrecognized_keys', keys: ['x', 'y'] },
      { message: 'whole' },
    ]);
    expect({ status, code }).toEqual({ status: 400, code: 'invalid_request' });
    expect(errors).toEqual([
      { pointer: '/a~1b/c~0d/0', code: 'invalid_type', detail: 'bad' },
      { pointer: '/inner/x', code: 'unknown_member', detail: 'is not known here' },
      { pointer: '/inner/y', code: 'unknown_member', detail: 'is not known here' },
      { pointer: '', code: 'invalid', detail: 'whole' },
    ]);
  });

  it('is bounded, whatever was sent', () => {
    const issues = Array.from({ length: 1_000 }, (_, index) => ({ message: 'x', path: [index] }));
    expect(problemFromIssues(issues).errors).toHaveLength(50);
  });
});
