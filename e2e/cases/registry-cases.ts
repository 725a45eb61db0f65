import { textIn } from '../stack/admin/operator.js';
import type { Answer } from '../stack/admin/https-client.js';
import type { Case } from './case.js';
import type { CaseScene } from './case-scene.js';
import type { Chain, Inputs } from './inputs.js';

interface Check {
  readonly id: string;
  readonly result: string;
}

/** Every case that the admin API judges. */
export function registryCases(inputs: Inputs): Case[] {
  return [
    ...Object.entries(inputs.keySets).map(([name, jwks]) => inlineKeySet(`01 ${name}`, jwks)),
    ...Object.entries(inputs.absentForms).map(([name, chain]) => absentForm(`04 ${name}`, chain)),
    ...Object.entries(inputs.policies).map(([name, chain]) => policies(`05 ${name}`, chain)),
    ...certificateLists(inputs.lists),
    ...Object.entries(inputs.selfSignedKeySets).map(([name, jwks]) => selfSigned(`10 ${name}`, jwks)),
    ...Object.entries(inputs.unreadable).map(([name, pem]) => unreadable(name, pem)),
    subjectDn(inputs.subjectDn),
    listOfTags(),
    unchanged(),
  ];
}

const told = ({ status, body }: Answer): string =>
  [status, body['code'], body['detail'], JSON.stringify(body['errors'])].filter((part) => part !== undefined).join(' ');

function inlineKeySet(name: string, jwks: object): Case {
  return {
    name,
    expected: '201, key a kept',
    run: async (scene) => {
      const answer = await scene.askForClient({ token_endpoint_auth_method: 'private_key_jwt', jwks });
      const { keys } = (answer.body['jwks'] ?? {}) as { keys?: { kid?: string }[] };
      return answer.status === 201 && keys?.some(({ kid }) => kid === 'a') ? '201, key a kept' : told(answer);
    },
  };
}

function selfSigned(name: string, jwks: object): Case {
  return {
    name,
    expected: '201',
    run: async (scene) => {
      const answer = await scene.askForClient({ token_endpoint_auth_method: 'self_signed_tls_client_auth', jwks });
      return answer.status === 201 ? '201' : told(answer);
    },
  };
}

/** What becomes of a chain under a client's own anchor. */
async function judged(scene: CaseScene, { anchor, chain }: Chain): Promise<Answer> {
  const client = await scene.pinnedClient(anchor);
  return 'status' in client ? client : scene.validate(client.id, chain);
}

const checksOf = ({ body }: Answer): Check[] => (body['checks'] ?? []) as Check[];

function absentForm(name: string, chain: Chain): Case {
  const expected = 'path_name_constraints pass, acceptable';
  return {
    name,
    expected,
    run: async (scene) => {
      const answer = await judged(scene, chain);
      const passed = checksOf(answer).some(({ id, result }) => id === 'path_name_constraints' && result === 'pass');
      return passed && answer.body['acceptable'] === true ? expected : toldOfPath(answer);
    },
  };
}

function policies(name: string, chain: Chain): Case {
  const expected = name.endsWith('unsatisfied') ? 'not acceptable: its policies' : 'acceptable';
  return {
    name,
    expected,
    run: async (scene) => {
      const answer = await judged(scene, chain);
      if (answer.body['acceptable'] === true) return 'acceptable';
      const failed = checksOf(answer).filter(({ result }) => result === 'fail');
      const byPolicy = failed.length > 0 && failed.every(({ id }) => id.includes('polic'));
      return byPolicy ? 'not acceptable: its policies' : toldOfPath(answer);
    },
  };
}

function toldOfPath(answer: Answer): string {
  const failed = checksOf(answer).filter(({ result }) => result === 'fail');
  return failed.length === 0 ? told(answer) : `fail: ${failed.map(({ id }) => id).join(', ')}`;
}

function certificateLists({ revoking, good }: Inputs['lists']): Case[] {
  const run = (chain: Chain & { list: string }, mode: string) => async (scene: CaseScene) => {
    const client = await scene.pinnedClient(chain.anchor, { crl_mode: mode });
    if ('status' in client) return told(client);
    const raw = { body: chain.list, contentType: 'application/x-pem-file' };
    const uploaded = await scene.send(`/v1/trust-anchors/${client.anchorId}/crls`, { raw });
    const answer = await scene.validate(client.id, chain.chain);
    if (answer.body['acceptable'] === true) return 'accepted';
    const failed = checksOf(answer).map(({ id, result }) => (result === 'fail' ? id : ''));
    return failed.includes('path_revoked') ? 'revoked' : `${told(uploaded)}; ${toldOfPath(answer)}`;
  };
  return [
    { name: '07 list-revokes-leaf, soft', expected: 'revoked', run: run(revoking, 'soft') },
    { name: '07 list-good, require', expected: 'accepted', run: run(good, 'require') },
  ];
}

const REASONS: Readonly<Record<string, RegExp>> = {
  'csr-two-extension-requests': /twice|two|more than once/i,
  'csr-compressed-point': /another encoding|compressed/i,
  'csr-version-1': /version/i,
  'cert-utf8-in-san': /IA5String|ASCII/i,
};

function unreadable(name: string, pem: string): Case {
  const reason = REASONS[name] ?? /./;
  const expected = `says ${String(reason)}`;
  return {
    name: `12 ${name}`,
    expected,
    run: async (scene) => {
      const clientId = textIn(await scene.askForClient({}), 'id');
      const answer = name.startsWith('csr')
        ? await scene.send('/v1/certificate-requests/validate', { json: { client_id: clientId, csr: pem } })
        : await scene.validate(clientId, pem);
      return reason.test(answer.text) && !/is not the DER that/.test(answer.text) ? expected : told(answer);
    },
  };
}

function subjectDn(dn: string): Case {
  const expected = 'says position 6 and dotted OID';
  return {
    name: '12 dn',
    expected,
    run: async (scene) => {
      const answer = await scene.askForClient({ tls_client_auth_subject_dn: dn });
      return /position 6\b/.test(answer.text) && /dotted/i.test(answer.text) ? expected : told(answer);
    },
  };
}

// RFC 9110 section 13.1.1; an active partner has version 2
function listOfTags(): Case {
  return {
    name: '15 If-Match with a list',
    expected: '200',
    run: async (scene) => {
      const mergePatch = { legal_name: 'Another name' };
      const headers = { 'if-match': '"0", "2"' };
      const answer = await scene.send(`/v1/partners/${await scene.newPartner()}`, { mergePatch, headers });
      return answer.status === 200 ? '200' : told(answer);
    },
  };
}

// RFC 9110 section 13.1.2
function unchanged(): Case {
  return {
    name: '15 If-None-Match',
    expected: '304',
    run: async (scene) => {
      const path = `/v1/partners/${await scene.newPartner()}`;
      return String((await scene.send(path, { headers: { 'if-none-match': '"2"' } })).status);
    },
  };
}
