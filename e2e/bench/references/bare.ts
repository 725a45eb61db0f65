import { answerLauncher } from './answer-launcher.js';
import { listenTls, type ServerPem } from './tls-server.js';

/** What `bare` is to be. */
export interface BareSettings {
  readonly kind: 'bare';
  readonly server: ServerPem;
}

// A handshake is all that is asked of it.
answerLauncher(({ server }: BareSettings) => listenTls(server, (_request, response) => void response.end('{}')));
