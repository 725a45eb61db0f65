import { beforeAll, describe, expect, it } from 'vitest';
import { printedCommands, printedJson, walk } from './printed-walk.js';

const blocks = printedCommands('README.md');

describe("the README's walk, as printed", () => {
  let output: string[];

  beforeAll(async () => {
    output = await walk(blocks);
  });

  it('is there', () => expect(blocks).toHaveLength(6));

  it('onboards the partner', () => {
    expect(output[2]).toContain('"legal_name":"Initech Ltd"');
    expect(output[2]).toMatch(/"status":"active","status_reason":"tested"/);
  });

  it("the partner's server uses its token", () => expect(output[3]).toContain('"reference":"INI-1"'));

  it('the stolen token is worthless', () => {
    expect(output[4]).toContain('HTTP/1.1 401');
    expect(output[4]).toContain('"code":"invalid_token"');
  });

  it('the suspended client gets no token, and the one it has is refused', () => {
    expect(output[5]).toContain('"status":"suspended"');
    expect(output[5]).toContain('"error":"invalid_client"');
    expect(output[5]).toContain('"code":"invalid_token"');
  });
});

it('its json prints a member, and fails with the answer where there is none', async () => {
  expect((await printedJson('README.md', '{"id": "ptn_1"}', 'id')).stdout).toBe('ptn_1\n');
  await expect(printedJson('README.md', '{"code": "invalid_token"}', 'id')).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringContaining('no id in {"code": "invalid_token"}'),
  });
});
