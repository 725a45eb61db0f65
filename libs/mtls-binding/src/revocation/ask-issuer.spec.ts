import { describe, expect, it } from 'vitest';
import { askIssuer } from './ask-issuer.js';

const url = 'https://issuer.test/document';

function ask(fetchIt: () => Promise<Response>, signal = new AbortController().signal, timeoutMs = 60_000) {
  const bounds = { timeoutMs, limit: 10, mediaTypes: ['text/plain'] };
  return askIssuer({ url, fetch: fetchIt, signal, ...bounds });
}

const answered = (
  body: ConstructorParameters<typeof Response>[0],
  status = 200,
  headers: Record<string, string> = { 'content-type': 'text/plain' },
) => ask(() => Promise.resolve(new Response(body, { status, headers })));

/** A body that begins and does not go on. */
const unending = () => new ReadableStream({ start: (controller) => controller.enqueue(new Uint8Array(1)) });

describe('askIssuer', () => {
  it('gives the body of a 200 of the right type, up to its limit', async () => {
    expect(await answered('0123456789')).toBe('0123456789');
    await expect(answered('0123456789+')).rejects.toMatchObject({ code: 'too_long' });
  });

  it.each([204, 206, 304, 302, 400, 500])('is not content with %i', async (status) => {
    const body = [204, 304].includes(status) ? null : 'text';
    await expect(answered(body, status)).rejects.toMatchObject({ code: 'status', status });
  });

  it.each([
    ['application/json', { 'content-type': 'application/json' }],
    ['text/plainer', { 'content-type': 'text/plainer' }],
    ['nothing', {}],
  ])('is not content with the type %s', async (_, headers: Record<string, string>) => {
    // A string body would bring a type of its own.
    await expect(answered(new Uint8Array(1), 200, headers)).rejects.toMatchObject({ code: 'media_type' });
  });

  it('text that is no UTF-8 is no answer', async () => {
    await expect(answered(new Uint8Array([0xff, 0xfe]))).rejects.toMatchObject({ code: 'no_answer' });
  });

  it.each([
    ['headers', () => new Promise<Response>(() => undefined)],
    ['a body', () => Promise.resolve(new Response(unending(), { headers: { 'content-type': 'text/plain' } }))],
  ])('does not wait for %s beyond its time limit', async (_, fetchIt) => {
    await expect(ask(fetchIt, undefined, 150)).rejects.toMatchObject({ code: 'too_late' });
  });

  it('ends with its signal, also one that was given before', async () => {
    const controller = new AbortController();
    const pending = ask(() => new Promise(() => undefined), controller.signal);
    controller.abort();
    await expect(pending).rejects.toMatchObject({ code: 'no_answer' });
    await expect(ask(() => Promise.reject(new Error('asked')), controller.signal)).rejects.toMatchObject({
      cause: { name: 'AbortError' },
    });
  });

  it('keeps the cause', async () => {
    const cause = new TypeError('fetch failed');
    await expect(ask(() => Promise.reject(cause))).rejects.toMatchObject({ code: 'no_answer', cause });
  });
});
