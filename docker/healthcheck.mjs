// Asks this container's own management port; a script, because the image has neither curl nor a use for a shell.
import { get } from 'node:http';

const { MANAGEMENT_PORT } = process.env;
const request = get({ host: '127.0.0.1', port: MANAGEMENT_PORT, path: '/readyz', timeout: 4_000 }, (answer) => {
  answer.resume();
  process.exitCode = answer.statusCode === 200 ? 0 : 1;
});
request.on('timeout', () => request.destroy(new Error('no answer')));
request.on('error', () => {
  process.exitCode = 1;
});
