import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { HttpsClient, type Answer } from '../stack/admin/https-client.js';
import { onceFelt } from '../stack/admin/once-felt.js';
import type { OnboardedPartner } from '../stack/admin/onboard-partner.js';
import { runCommand } from '../stack/processes/one-shot-command.js';
import { shipments, tellCheck, tokenFor, type Cast, type Partners } from './cast.js';
import { decodedToken } from './decoded-token.js';

const PATIENCE_MS = 60_000;
const PAUSE_MS = 5;

/** A partner's server at work: what it holds, and the one connection it works over. */
interface AtWork {
  globex: OnboardedPartner;
  token: string;
  connection: HttpsClient;
}

/** Chapter five: what was handed out is taken back, although tokens are checked without asking anybody. */
export async function tellSwitchedOff(cast: Cast, { globex }: Partners): Promise<void> {
  cast.story.chapter('V.  Switched off at once');
  const connection = new HttpsClient(cast.stack.pki.serverAuthority.certificatePem, 1);
  try {
    const atWork = { globex, connection, token: await tellAtWork(cast, globex, connection) };
    await tellSuspended(cast, atWork);
    await tellReinstated(cast, atWork);
  } finally {
    await connection.close();
  }
}

function callOver(cast: Cast, { globex: { identity }, connection: client }: Omit<AtWork, 'token'>, token: string) {
  return shipments({ ...cast, client }, { identity, token });
}

async function tellAtWork(cast: Cast, globex: OnboardedPartner, connection: HttpsClient): Promise<string> {
  const { story } = cast;
  story.step("Globex's server is at work: a token that is good for minutes, a connection that stays open");
  const asked = await onceFelt(() => tokenFor(cast, globex), 200);
  story.exchange(asked, ['expires_in']);
  const token = String(asked.body['access_token']);
  const answer = await onceFelt(() => callOver(cast, { globex, connection }, token), 200);
  story.exchange(answer);
  story.fact('the API serves it', 200, answer.status);
  return token;
}

async function tellSuspended(cast: Cast, { token, ...atWork }: AtWork): Promise<void> {
  const { story } = cast;
  story.step('The operator suspends Globex, and everything it has');
  const suspended = await act(cast, atWork.globex, 'suspend', 'under investigation');
  const from = performance.now();
  const refused = await firstRefusal(() => callOver(cast, atWork, token), from);
  story.exchange(suspended, ['status']);
  story.fact('suspended', 'suspended', suspended.body['status']);
  const seq = suspended.headers['revocation-seq'] ?? '';
  story.fact(`the answer names the revocation: number ${seq} of the feed`, true, /^\d+$/.test(seq));
  story.tell(`Globex has gone on calling all the while, and ${refused.afterMs.toFixed(0)} ms after that answer:`);
  story.exchange(refused.answer, ['code', 'detail']);
  tellRefusal(cast, refused.answer);
  story.fact('by its own date the token is still good', true, Number(expiryOf(token)) > Date.now() / 1000);
  story.fact('over the connection it had', 1, atWork.connection.connectionsOpened);
  await tellAwaited(cast, seq);
}

/** Errors: StackError `command_failed` when a guard has not heard of it. */
async function tellAwaited({ story, stack }: Cast, seq: string): Promise<void> {
  if (!stack.logFiles) return;
  const guards = [stack.urls.management['resource-api'], stack.urls.management['partner-registry']];
  const args = ['--revocation-seq', seq, ...guards.flatMap((guard) => ['--guard', guard])];
  story.tell(`Whether every API knows is told by a command:\n  await-guards ${args.join(' ')}`);
  const printed = await runCommand({
    app: 'partner-registry',
    command: 'await-guards',
    args,
    settings: {},
    logFile: join(dirname(stack.logFiles['partner-registry']), 'commands.log'),
  });
  story.tell(printed.trim().replaceAll(/^/gm, '  '));
  story.fact('every one does', guards.length, printed.trim().split('\n').length);
}

async function tellReinstated(cast: Cast, { token, ...atWork }: AtWork): Promise<void> {
  const { story } = cast;
  story.step('The operator reinstates Globex');
  const reinstated = await act(cast, atWork.globex, 'reinstate', 'it was a mistake');
  story.exchange(reinstated, ['status']);
  story.fact('active again', 'active', reinstated.body['status']);
  const asked = await onceFelt(() => tokenFor(cast, atWork.globex), 200);
  const served = await onceFelt(() => callOver(cast, atWork, String(asked.body['access_token'])), 200);
  story.exchange(served);
  story.fact('with a new token the API serves it again', 200, served.status);
  const old = await callOver(cast, atWork, token);
  story.exchange(old, ['code', 'detail']);
  story.tell('The token from before the suspension:');
  tellRefusal(cast, old);
  story.fact('all of it over the one connection', 1, atWork.connection.connectionsOpened);
}

// In an emergency nobody reads first which version there is.
function act({ operator }: Cast, { partnerId }: OnboardedPartner, action: string, reason: string): Promise<Answer> {
  return operator.send(`/v1/partners/${partnerId}/${action}`, { json: { reason }, headers: { 'if-match': '*' } });
}

async function firstRefusal(ask: () => Promise<Answer>, from: number): Promise<{ answer: Answer; afterMs: number }> {
  for (;;) {
    const answer = await ask();
    const afterMs = performance.now() - from;
    if (answer.status !== 200 || afterMs > PATIENCE_MS) return { answer, afterMs };
    await sleep(PAUSE_MS);
  }
}

function expiryOf(token: string): unknown {
  return decodedToken(token).claims['exp'];
}

function tellRefusal(cast: Cast, answer: Answer): void {
  const { story } = cast;
  story.fact('refused with 401 invalid_token', [401, 'invalid_token'], [answer.status, answer.body['code']]);
  tellCheck(cast, 'resource-api', answer, 'token_revoked');
}
