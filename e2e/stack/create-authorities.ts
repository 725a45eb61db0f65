import type { AppSettings } from './app-settings.js';
import { runCommand } from './processes/one-shot-command.js';
import type { StackFiles } from './stack-files.js';
import type { StackUrls } from './topology.js';

/**
 * The platform's own certificate authority, as an installation makes it: a root, whose directory would now go into a safe,
 * and below it an authority for each environment. Errors: StackError `command_failed`.
 */
export async function createAuthorities(
  settings: Pick<AppSettings, 'creatingAuthorities'>,
  files: StackFiles,
  urls: Pick<StackUrls, 'registryHttp'>,
): Promise<void> {
  for (const environment of ['sandbox', 'production']) {
    await runCommand({
      app: 'partner-registry',
      command: 'create-ca',
      args: [
        ...['--root', files.rootDirectory, '--root-passphrase-file', files.rootPassphrase],
        ...['--environment', environment, '--public-url', urls.registryHttp],
        ...['--organization', 'Throwaway Platform'],
      ],
      settings: settings.creatingAuthorities,
      logFile: files.log('commands'),
    });
  }
}
