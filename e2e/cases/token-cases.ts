import { gzipSync } from 'node:zlib';
import type { Answer } from '../stack/admin/https-client.js';
import { ASSERTION_TYPE, type CaseScene } from './case-scene.js';
import type { Case } from './case.js';
import { sendRaw } from './send-raw.js';

/** Every case that the token service judges. */
export function tokenCases(): Case[] {
  return [
    withoutClientId(),
    challenge(),
    ...['token_endpoint', 'introspection_endpoint', 'revocation_endpoint'].map(published),
    encoded(),
    transferCoding(),
    expectation(),
  ];
}

const told = ({ status, body }: Answer): string =>
  `${status} ${String(body['error'])}: ${String(body['error_description'])}`;

// RFC 7521 section 4.2
function withoutClientId(): Case {
  return {
    name: '02 assertion without client_id',
    expected: '200',
    run: async (scene) => {
      const answer = await ask(scene, scene.stack.urls.tokenEndpoint, {});
      return answer.status === 200 ? '200' : told(answer);
    },
  };
}

async function ask(scene: CaseScene, url: string, more: Record<string, string>): Promise<Answer> {
  const client = await scene.assertingClient();
  const form = {
    grant_type: 'client_credentials',
    client_assertion_type: ASSERTION_TYPE,
    client_assertion: await scene.assertion(client),
    ...more,
  };
  return scene.client.send({ url, identity: client.identity, form });
}

// RFC 9110 section 15.5.2, RFC 6749 section 5.2
function challenge(): Case {
  const expected = '401 with WWW-Authenticate, or 400';
  return {
    name: '03 an unknown client',
    expected,
    run: async (scene) => {
      const answer = await scene.client.send({
        url: scene.stack.urls.tokenEndpoint,
        identity: await scene.issueClient('CN=anybody'),
        form: { grant_type: 'client_credentials', client_id: `cli_${'0'.repeat(32)}` },
      });
      const challenged = answer.status === 401 && answer.headers['www-authenticate'] !== undefined;
      return challenged || answer.status === 400 ? expected : `${told(answer)}, no WWW-Authenticate`;
    },
  };
}

// RFC 8414 section 2, RFC 8705 section 5: what the metadata names works for every method that it names
function published(member: string): Case {
  const expected = 'works, or is not published';
  return {
    name: `08 ${member}`,
    expected,
    run: async (scene) => {
      const { issuer, tokenEndpoint } = scene.stack.urls;
      const metadata = await scene.client.send({ url: `${issuer}/.well-known/oauth-authorization-server` });
      const url = metadata.body[member];
      if (typeof url !== 'string') return expected;
      const { id } = await scene.assertingClient();
      const token = await ask(scene, tokenEndpoint, { client_id: id });
      const answer = await ask(scene, url, { client_id: id, token: String(token.body['access_token']) });
      return answer.status === 200 ? expected : told(answer);
    },
  };
}

async function goodForm(scene: CaseScene): Promise<string> {
  const client = await scene.assertingClient();
  const form = {
    grant_type: 'client_credentials',
    client_id: client.id,
    client_assertion_type: ASSERTION_TYPE,
    client_assertion: await scene.assertion(client),
  };
  return new URLSearchParams(form).toString();
}

// RFC 9110 section 15.5.16
function encoded(): Case {
  return {
    name: '16 Content-Encoding: gzip',
    expected: '415',
    run: async (scene) => {
      const body = gzipSync(await goodForm(scene));
      const headers = { 'content-encoding': 'gzip', 'content-length': String(body.length) };
      return (await postToken(scene, headers, body)).status;
    },
  };
}

// RFC 9112 section 6.1
function transferCoding(): Case {
  return {
    name: '16 Transfer-Encoding: gzip, chunked',
    expected: '501',
    run: async (scene) => {
      const form = await goodForm(scene);
      const body = Buffer.from(`${form.length.toString(16)}\r\n${form}\r\n0\r\n\r\n`);
      return (await postToken(scene, { 'transfer-encoding': 'gzip, chunked' }, body)).status;
    },
  };
}

// RFC 9110 section 10.1.1
function expectation(): Case {
  return {
    name: '16 Expect: 200-maybe',
    expected: '417 with a JSON body',
    run: async (scene) => {
      const body = Buffer.from(await goodForm(scene));
      const headers = { expect: '200-maybe', 'content-length': String(body.length) };
      const { status, text } = await postToken(scene, headers, body);
      return `${status} ${text.startsWith('{') ? 'with a JSON body' : 'without one'}`;
    },
  };
}

async function postToken(scene: CaseScene, headers: Record<string, string>, body: Buffer) {
  const { identity } = await scene.assertingClient();
  const ca = scene.stack.pki.serverAuthority.certificatePem;
  const type = { 'content-type': 'application/x-www-form-urlencoded' };
  return sendRaw({ url: scene.stack.urls.tokenEndpoint, ca, identity, headers: { ...type, ...headers }, body });
}
