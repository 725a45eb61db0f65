import { CommandError, runCommand } from '@partner-ecosystem/platform/command';
import { keyOpeningCommandConfig } from '../configuration/config.js';
import { rotateNow, type Rotated } from '../signing-keys/rotate-now.js';
import { isSigningAlgorithm, SIGNING_ALGORITHMS } from '../records/signing-algorithm.js';
import { SigningKeysError } from '../signing-keys/signing-keys-error.js';
import { withSigningKeys } from '../signing-keys/with-signing-keys.js';

const CALLED_WRONGLY = 2;
const NOT_ROTATED = 3;

runCommand({
  name: 'rotate-key',
  summary:
    'makes the standby key, of access tokens and of the revocation feed, the current one now and makes a new standby; exit code 3 when a key was not rotated. Needs no restart',
  variables: {
    DATABASE_URL: 'the login the service runs with',
    KEY_ENCRYPTION_KEY_FILE: 'as the service has it; KEY_ENCRYPTION_KEY_PREVIOUS_FILE too, if it has one',
    SIGNING_KEY_PUBLISH_BEFORE_USE: 'optional, as the service has it; default 24h. SIGNING_KEY_STALE_AFTER likewise',
  },
  options: {
    algorithm: { type: 'string' },
    from: { type: 'string' },
    force: { type: 'boolean' },
  },
  optionTexts: {
    '--algorithm <name>': `one of ${SIGNING_ALGORITHMS.join(', ')}; default: each that has a current key, of tokens and of the revocation feed`,
    '--from=<kid>': 'only if this is still the current key: repeated, the command rotates once',
    '--force': 'also a standby that APIs may not have in their caches yet; never one that is not published everywhere',
  },
  run: async ({ algorithm, from, force = false }) => {
    if (algorithm !== undefined && !isSigningAlgorithm(algorithm)) {
      throw new CommandError(`--algorithm must be one of ${SIGNING_ALGORITHMS.join(', ')}`, CALLED_WRONGLY);
    }
    if (algorithm !== undefined && from !== undefined) {
      throw new CommandError('give --algorithm or --from, not both', CALLED_WRONGLY);
    }
    const { databaseUrl, keyEncryptionKey, signingKeys } = keyOpeningCommandConfig();
    const outcomes = await withSigningKeys(databaseUrl, (keys) =>
      rotateNow(keys, keyEncryptionKey, signingKeys, { algorithm, from, force }),
    ).catch((error: unknown) => {
      if (!(error instanceof SigningKeysError)) throw error;
      throw new CommandError(error.message, NOT_ROTATED, { cause: error });
    });
    const report = outcomes.map(textOf).join('\n');
    if (outcomes.some(({ kind }) => kind === 'too_early')) throw new CommandError(report, NOT_ROTATED);
    return report;
  },
});

function textOf(outcome: Rotated): string {
  const { kind } = outcome;
  const alg = outcome.purpose === 'access_token' ? outcome.alg : `${outcome.alg} of the revocation feed`;
  if (kind === 'rotated') return `${alg}: ${outcome.current} is current, ${outcome.retired} retired.`;
  if (kind === 'nothing_to_do') return `${alg}: nothing to do, ${outcome.from} is ${outcome.status} already.`;
  if (!outcome.standby) return `${alg}: not rotated, there is no standby yet. A running service makes one at once.`;
  const usable = outcome.usableFrom?.toISOString();
  return `${alg}: not rotated, the standby ${outcome.standby} may be used from ${usable}; --force shortens that to less than a minute.`;
}
