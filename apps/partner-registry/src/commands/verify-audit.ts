import { CommandError, runCommand } from '@partner-ecosystem/platform/command';
import { DataSource } from 'typeorm';
import type { ChainHead } from '../audit/audit-trail.js';
import { verifyChain, type ChainFault } from '../audit/verify-chain.js';
import { verifyAuditConfig } from '../config.js';
import { dataSourceOptions } from '../database/data-source.js';

const CALLED_WRONGLY = 2;
const CHAIN_BROKEN = 3;

const SENTENCES = {
  missing: 'there is none, and there are later ones',
  altered: 'its text does not have its hash',
  unlinked: 'it does not follow the event before it',
  truncated: 'it and all after it are gone',
  beyond_head: 'the head does not count it',
  another_hash: 'its hash is another one than was noted',
} as const satisfies Record<ChainFault, string>;

runCommand({
  name: 'verify-audit',
  summary:
    'walks the chain of audit events and names the first bad link (exit code 3); prints the head, which is worth noting down elsewhere',
  variables: { DATABASE_URL: 'the login the registry runs with, or any that may read its audit tables' },
  options: { 'noted-head': { type: 'string' } },
  optionTexts: { '--noted-head <seq>:<hash>': 'a head printed earlier, which the chain has to contain' },
  run: async (values) => {
    const noted = headFrom(values['noted-head']);
    const database = await new DataSource(dataSourceOptions(verifyAuditConfig().databaseUrl)).initialize();
    try {
      const verdict = await database.transaction('REPEATABLE READ', (snapshot) => verifyChain(snapshot, noted));
      if (verdict.intact) return JSON.stringify({ events: verdict.head.seq, head: headText(verdict.head) });
      throw new CommandError(`the chain breaks at event ${verdict.seq}: ${SENTENCES[verdict.fault]}`, CHAIN_BROKEN);
    } finally {
      await database.destroy();
    }
  },
});

function headText({ seq, hash }: ChainHead): string {
  return `${seq}:${hash}`;
}

function headFrom(text: string | undefined): ChainHead | undefined {
  if (text === undefined) return undefined;
  const [, seq, hash] = /^(\d{1,15}):([0-9a-f]{64})$/.exec(text) ?? [];
  if (seq === undefined || hash === undefined)
    throw new CommandError('--noted-head is not <seq>:<hash>', CALLED_WRONGLY);
  return { seq: Number(seq), hash };
}
