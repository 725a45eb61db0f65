import { CommandError, runCommand } from '@partner-ecosystem/platform/command';
import { keyCommandConfig } from '../configuration/config.js';
import { distrustSigningKey, type Distrusted } from '../signing-keys/distrust-signing-key.js';
import { SigningKeysError } from '../signing-keys/signing-keys-error.js';
import { withSigningKeys } from '../signing-keys/with-signing-keys.js';

const CALLED_WRONGLY = 2;
const NOT_DISTRUSTED = 3;

// A29
runCommand({
  name: 'distrust-key',
  summary:
    'takes a signing key, of access tokens or of the revocation feed, out of use at once and for ever: it leaves the key set, never signs again, its private part is destroyed, and the feed tells every API; prints the number of that entry; safe to run again',
  variables: {
    DATABASE_URL: 'the login the service runs with; no key-encryption key is needed',
    SIGNING_KEY_STALE_AFTER: 'optional, as the service has it; default 30s',
  },
  options: { kid: { type: 'string' } },
  optionTexts: {
    '--kid=<kid>': 'the key, by its kid in the key set; with "=", because a kid may begin with "-"; required',
  },
  run: async ({ kid }) => {
    if (!kid) throw new CommandError('--kid=<kid> is missing', CALLED_WRONGLY);
    const { databaseUrl, signingKeys } = keyCommandConfig();
    const outcome = await withSigningKeys(databaseUrl, (keys) => distrustSigningKey(keys, signingKeys, kid)).catch(
      (error: unknown) => {
        if (!(error instanceof SigningKeysError)) throw error;
        throw new CommandError(error.message, NOT_DISTRUSTED, { cause: error });
      },
    );
    return textOf(kid, outcome);
  },
});

function textOf(kid: string, outcome: Distrusted): string {
  return `${whatCameOfIt(kid, outcome)}\nrevocation seq: ${outcome.seq}`;
}

function whatCameOfIt(kid: string, { purpose, alg, was, successor }: Distrusted): string {
  if (was === 'distrusted') return `${kid} is distrusted already: nothing to do but to tell the APIs again.`;
  const done = `${kid} (${alg}, was ${was}) is distrusted. Running services drop it within seconds.`;
  if (was !== 'current') return done;
  if (successor) return `${done}\n${successor} is current; a running service makes a new standby at once.`;
  const refused = purpose === 'access_token' ? `${alg} tokens are refused` : 'the revocation feed is answered';
  return `${done}\nNo standby was ready: ${refused} with 503 until a running service has one, in about a minute.`;
}
