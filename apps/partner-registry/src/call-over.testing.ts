import type { Authority } from '@partner-ecosystem/test-pki';
import { Agent, request } from 'undici';
import type { TestAnswer, TestRequest } from './registry.testing.js';

/** One request over a connection of its own. */
export async function callOver(authority: Authority, url: string, sent: TestRequest): Promise<TestAnswer> {
  const { certificate, token, json } = sent;
  const raw = sent.raw ?? (json === undefined ? undefined : { type: 'application/json', text: JSON.stringify(json) });
  const connect = { ca: authority.certificatePem, cert: certificate?.chainPem, key: certificate?.privateKeyPem };
  const dispatcher = new Agent({ connect });
  try {
    const answer = await request(url, {
      dispatcher,
      method: sent.method ?? 'GET',
      headers: {
        ...(token ? { authorization: `Bearer ${token}` } : {}),
        ...(raw ? { 'content-type': raw.type } : {}),
        ...sent.headers,
      },
      ...(raw ? { body: raw.text } : {}),
    });
    const bytes = Buffer.from(await answer.body.arrayBuffer());
    return { status: answer.statusCode, headers: answer.headers, body: bodyOf(bytes, answer.headers['content-type']) };
  } finally {
    await dispatcher.close();
  }
}

/** JSON parsed, DER as it is, everything else as text. */
function bodyOf(bytes: Buffer, type: string | string[] | undefined): unknown {
  if (/^application\/pkix-/.test(String(type))) return bytes;
  const text = bytes.toString();
  return /[/+]json\b/.test(String(type)) ? JSON.parse(text) : text;
}
