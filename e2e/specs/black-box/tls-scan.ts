import { connect } from 'node:net';
import { clientHello, firstAnswer, PROTOCOLS, type FirstAnswer, type Protocol } from './client-hello.js';

/** Protocol version -> every suite a server agrees to, in its own order of preference; empty: it does not speak that version. */
export type TlsScan = Record<Protocol, string[]>;

const TIMEOUT_MS = 240_000;

const NAMES: Record<number, string> = {
  0x1301: 'TLS_AES_128_GCM_SHA256',
  0x1302: 'TLS_AES_256_GCM_SHA384',
  0x1303: 'TLS_CHACHA20_POLY1305_SHA256',
  0xc02b: 'ECDHE-ECDSA-AES128-GCM-SHA256',
  0xc02c: 'ECDHE-ECDSA-AES256-GCM-SHA384',
  0xc02f: 'ECDHE-RSA-AES128-GCM-SHA256',
  0xc030: 'ECDHE-RSA-AES256-GCM-SHA384',
};

const range = (first: number, last: number): number[] =>
  Array.from({ length: last - first + 1 }, (_, index) => first + index);

// Every number that IANA gave to a suite, and those around them; 0x00ff and 0x5600 are signals and no suites.
const OLD_SUITES = [
  ...range(0x0001, 0x00fe),
  ...range(0xc001, 0xc106),
  ...range(0xcc13, 0xcc15),
  ...range(0xcca8, 0xccae),
  ...range(0xd001, 0xd005),
];
const SUITES_OF_13 = range(0x1301, 0x1307);

/**
 * Scans as the well-known scanners do, with hand-made greetings instead of a TLS library that would not offer what it no
 * longer knows: everything is offered, the server chooses, its choice is left out the next time, until it refuses.
 */
export async function scanTls(port: number): Promise<TlsScan> {
  const scan = {} as TlsScan;
  for (const protocol of Object.keys(PROTOCOLS) as Protocol[]) {
    scan[protocol] = await suitesOf(port, protocol, protocol === 'TLSv1.3' ? SUITES_OF_13 : OLD_SUITES);
  }
  return scan;
}

async function suitesOf(port: number, protocol: Protocol, suites: readonly number[]): Promise<string[]> {
  const accepted: string[] = [];
  let offered = suites;
  while (offered.length > 0) {
    const answer = await ask(port, clientHello(protocol, offered));
    if ('alert' in answer || answer.protocol !== PROTOCOLS[protocol]) break;
    const { suite, compression } = answer;
    if (!offered.includes(suite)) throw new Error(`chose ${suite}, which was not offered`);
    accepted.push(nameOf(suite) + (compression === 0 ? '' : ', compressed'));
    offered = offered.filter((other) => other !== suite);
  }
  return accepted;
}

function nameOf(suite: number): string {
  return NAMES[suite] ?? `0x${suite.toString(16).padStart(4, '0')}`;
}

function ask(port: number, hello: Buffer): Promise<FirstAnswer> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port }, () => socket.write(hello));
    let received = Buffer.alloc(0);
    socket.setTimeout(TIMEOUT_MS, () => socket.destroy(new Error(`port ${port} says nothing`)));
    socket.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      const answer = firstAnswer(received);
      if (!answer) return;
      socket.destroy();
      resolve(answer);
    });
    socket.once('error', reject);
    socket.once('close', () => reject(new Error(`port ${port} hung up without an answer`)));
  });
}
