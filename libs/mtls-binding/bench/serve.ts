import 'reflect-metadata';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { referenceApp } from './reference-app.js';
import type { ReferenceServer } from './reference-server.js';

// One reference server as a process of its own. The launcher talks to it over IPC: first what it is to be, then 'usage'
// as often as it likes. It ends when the launcher does.

type Message = ReferenceServer | 'usage';

async function start(server: ReferenceServer): Promise<void> {
  const app = await referenceApp(server);
  // Express leaves it at Node's five seconds, and a server waits longer for its turn.
  (app.getHttpServer() as Server).keepAliveTimeout = 600_000;
  await app.listen(0, '127.0.0.1');
  process.send!({ port: (app.getHttpServer().address() as AddressInfo).port });
}

process.on('message', (message: Message) => {
  if (message === 'usage') {
    const { user, system } = process.cpuUsage();
    process.send!({ cpuMicros: user + system, residentBytes: process.memoryUsage.rss() });
  } else {
    start(message).catch((error: unknown) => process.send!({ failure: String(error) }));
  }
});
process.once('disconnect', () => process.exit(0));
