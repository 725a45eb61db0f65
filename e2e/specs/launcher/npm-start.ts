import { join } from 'node:path';
import { freePorts } from '../../stack/ports/free-ports.js';
import { PORT_VARIABLES } from '../../stack/ports/port-variables.js';
import { urlsOf, type StackUrls } from '../../stack/topology.js';
import { LaunchedProcess } from './launched-process.js';

/** What `npm start` starts, on free ports and with its files in a folder of the test's. */
export interface StartedStack {
  urls: StackUrls;
  /** of the PKCS#12 files, as printed */
  passphrase: string;
  stop(): Promise<void>;
}

/** @param folder `.local` is made in it */
export async function npmStart(folder: string): Promise<StartedStack> {
  const ports = await freePorts();
  const variables = PORT_VARIABLES.map(({ app, listener, variable }) => [variable, String(ports[app][listener])]);
  const launched = new LaunchedProcess('stack', [], {
    ...(Object.fromEntries(variables) as Record<string, string>),
    LOCAL_DIRECTORY: join(folder, '.local'),
  });
  await launched.prints('Ctrl-C stops everything');
  const passphrase = /passphrase (\w+)/.exec(launched.stdout)![1]!;
  const stop = async (): Promise<void> => {
    launched.kill('SIGTERM');
    await launched.ended;
  };
  return { urls: urlsOf(ports), passphrase, stop };
}
