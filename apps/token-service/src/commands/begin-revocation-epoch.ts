import { CommandError, runCommand } from '@partner-ecosystem/platform/command';
import { databaseCommandConfig } from '../configuration/config.js';
import { withDatabase } from '../database/with-database.js';
import { beginRevocationEpoch } from '../revocation-feed/begin-revocation-epoch.js';

const CALLED_WRONGLY = 2;

runCommand({
  name: 'begin-revocation-epoch',
  summary:
    'for a database restored in a way that nobody can see, such as a snapshot of its disk: revocations since the backup may be lost, so every token issued until now is refused, and every API takes the whole feed anew. The running services do the same by themselves when the cluster, its timeline or the table is another one, or the numbers went back',
  variables: { DATABASE_URL: 'the login the service runs with' },
  options: { reason: { type: 'string' } },
  optionTexts: { '--reason <text>': 'stands in the record; required, up to 500 characters' },
  run: async ({ reason }) => {
    if (!reason || reason.length > 500)
      throw new CommandError('--reason <text> is missing or too long', CALLED_WRONGLY);
    const { databaseUrl } = databaseCommandConfig();
    const { epoch, seq } = await withDatabase(databaseUrl, (database) => beginRevocationEpoch(database, reason));
    return `epoch ${epoch} began. Every token issued until now is refused within a second.\nrevocation seq: ${seq}`;
  },
});
