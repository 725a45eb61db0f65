import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { createLogger } from '../logging/index.js';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { boundConnections, connectionsEach } from './bound-connections.js';

const lines: Record<string, unknown>[] = [];
const write = (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>);
const logger = createLogger({ name: 'spec', version: '1', level: 'trace', destination: { write } });
const server = createServer((_request, response) => response.end('ok'));
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

async function open(): Promise<Socket> {
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1').on('error', () => undefined);
  await once(socket, 'connect');
  return socket.resume();
}

describe('T8: connections are bounded, so that descriptors are left', () => {
  it.each([
    [3, 1_024, 256],
    [2, 1_048_576, 5_000],
    [3, 200, 16],
    [1, Infinity, 5_000],
  ])('%d listeners and %d descriptors: %d each', (listeners, descriptors, each) => {
    expect(connectionsEach(listeners, descriptors)).toBe(each);
  });

  it('what is more is closed and logged, idle ones make room, and then the next one is served', async () => {
    boundConnections(server, 2, { name: 'spec', logger });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const idle = await open();
    idle.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
    await once(idle, 'data');
    const silent = await open();
    const refused = await open();
    await once(refused, 'close');
    expect(lines).toContainEqual(
      expect.objectContaining({ listener: 'spec', reason: 'too_many_connections', connections: 2, turned_away: 1 }),
    );
    await vi.waitFor(() => expect(idle.closed).toBe(true), { timeout: 240_000 });
    const next = await open();
    next.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
    expect(String((await once(next, 'data'))[0])).toMatch(/^HTTP\/1\.1 200 /);
    for (const socket of [silent, next]) socket.destroy();
  });

  it('an accept for which no descriptor was left ends nothing, and is logged once in a second', () => {
    const other = createServer();
    boundConnections(other, 2, { name: 'other', logger });
    const failed = Object.assign(new Error('accept EMFILE'), { syscall: 'accept', code: 'EMFILE' });
    for (let times = 0; times < 3; times++) other.emit('error', failed);
    expect(lines.filter(({ listener }) => listener === 'other')).toEqual([
      expect.objectContaining({ reason: 'EMFILE', turned_away: 1 }),
    ]);
  });
});
