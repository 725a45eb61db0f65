import { BlockList, isIP } from 'node:net';
import { CommandError, runCommand } from '@partner-ecosystem/platform/command';
import { awaitGuards, type GuardProgress } from '../revocations/await-guards.js';

const NOT_REACHED = 1;
const CALLED_WRONGLY = 2;
const DEFAULT_SECONDS = '10';

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

runCommand({
  name: 'await-guards',
  summary:
    'waits until every given guard has applied a revocation: the number is the Revocation-Seq of the answer that caused it; names who has not in time (exit code 1)',
  variables: { NODE_EXTRA_CA_CERTS: 'optional: PEM of the authority behind guards that answer over https' },
  options: {
    'revocation-seq': { type: 'string' },
    guard: { type: 'string', multiple: true },
    timeout: { type: 'string', default: DEFAULT_SECONDS },
  },
  optionTexts: {
    '--revocation-seq <number>': 'Revocation-Seq of the registry’s answer, or what distrust-key printed; required',
    '--guard <url>':
      'management address of a process with a guard, http on loopback or https, without path; every replica is one; may be repeated; required',
    '--timeout <seconds>': `how long to wait, ${DEFAULT_SECONDS} unless told otherwise; at most 3600`,
  },
  run: async (values) => {
    const asked = {
      seq: numberFrom(values['revocation-seq']),
      guards: guardsFrom(values.guard),
      timeoutMs: millisecondsFrom(values.timeout),
    };
    const progress = await awaitGuards(asked);
    const lines = progress.map(lineOf);
    if (progress.every(({ reached }) => reached)) return lines.join('\n');
    const missing = progress.filter(({ reached }) => !reached).map(({ guard }) => guard);
    const verdict = `not every guard has reached ${asked.seq}: ${missing.join(', ')}`;
    throw new CommandError([verdict, ...lines].join('\n'), NOT_REACHED);
  },
});

function lineOf({ guard, reached, seq, milliseconds, fault }: GuardProgress): string {
  if (reached) return `${guard} reached ${seq} after ${milliseconds} ms`;
  const position = seq === undefined ? 'was never seen at a number' : `is at ${seq}`;
  return `${guard} ${position} after ${milliseconds} ms${fault === undefined ? '' : `: ${fault}`}`;
}

function numberFrom(text: string | undefined): number {
  if (text === undefined) throw new CommandError('--revocation-seq is missing', CALLED_WRONGLY);
  if (!/^[1-9]\d{0,14}$/.test(text))
    throw new CommandError('--revocation-seq is not a number from 1 on', CALLED_WRONGLY);
  return Number(text);
}

function guardsFrom(given: string[] = []): string[] {
  if (given.length === 0) throw new CommandError('--guard is missing', CALLED_WRONGLY);
  const wrong = given.filter((address) => !isManagementAddress(address));
  if (wrong.length === 0) return [...new Set(given)];
  const expected = 'expected http://<loopback>:<port> or https://<host>:<port>, without user, path and query';
  throw new CommandError(`--guard ${wrong.join(', ')}: ${expected}`, CALLED_WRONGLY);
}

// What a guard says of itself is believed, so nobody on the way may answer for it.
function isManagementAddress(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, hostname, username, password, pathname, search, hash } = new URL(address);
  if (username + password + search + hash !== '' || pathname !== '/') return false;
  return protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname.replace(/^\[|\]$/g, '')));
}

function isLoopback(host: string): boolean {
  const version = isIP(host);
  return host === 'localhost' || (version !== 0 && loopback.check(host, version === 6 ? 'ipv6' : 'ipv4'));
}

function millisecondsFrom(text: string): number {
  const seconds = /^\d{1,4}(?:\.\d{1,3})?$/.test(text) ? Number(text) : 0;
  if (seconds > 0 && seconds <= 3600) return seconds * 1000;
  throw new CommandError('--timeout is not a number of seconds above 0, at most 3600', CALLED_WRONGLY);
}
