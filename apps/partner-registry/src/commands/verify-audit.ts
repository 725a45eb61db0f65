import { createPublicKey, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { CommandError, runCommand } from '@partner-ecosystem/platform/command';
import { DataSource } from 'typeorm';
import type { ChainHead } from '../audit/audit-trail.js';
import type { StatedHead, StatementFault } from '../audit/heads/audit-head-statement.js';
import { exportedHeads, type ExportedHeads } from '../audit/heads/exported-heads.js';
import { verifyChain, type ChainFault, type ChainVerdict } from '../audit/verify-chain.js';
import { exportedHeadsConfig, verifyAuditConfig } from '../configuration/config.js';
import { dataSourceOptions } from '../database/data-source.js';

const FAILED = 1;
const CALLED_WRONGLY = 2;
const CHAIN_BROKEN = 3;
const MOST_NAMED = 20;

const SENTENCES = {
  missing: 'there is none, and there are later ones',
  altered: 'its text does not have its hash',
  unlinked: 'it does not follow the event before it',
  truncated: 'it and all after it are gone',
  beyond_head: 'the head does not count it',
  another_hash: 'its hash is another one than was noted',
} as const satisfies Record<ChainFault, string>;

const STATEMENT_SENTENCES = {
  unsigned: 'it is no signed statement',
  forged: 'it is not signed with the given key',
  foreign: 'it is signed, but says nothing about the audit head of this registry',
} as const satisfies Record<StatementFault, string>;

runCommand({
  name: 'verify-audit',
  summary:
    'walks the chain of audit events and names the first bad link (exit code 3); prints the head, which is worth noting down elsewhere',
  variables: {
    DATABASE_URL: 'the login the registry runs with, or any that may read its audit tables',
    AUDIENCE: 'with --exported-heads: the audience of this registry, which is who states them',
  },
  options: {
    'noted-head': { type: 'string' },
    'exported-heads': { type: 'string' },
    'head-key': { type: 'string', multiple: true },
  },
  optionTexts: {
    '--noted-head <seq>:<hash>': 'a head printed earlier, which the chain has to contain',
    '--exported-heads <file|directory>': 'signed heads the registry exported: the chain has to contain each',
    '--head-key <file>': 'the public key they are signed with, PEM; may be repeated: any of them',
  },
  run: async (values) => {
    const noted = headFrom(values['noted-head']);
    const exported = await exportedFrom(values['exported-heads'], values['head-key']);
    const verdict = await verdictOn([...noted, ...(exported?.heads ?? [])]);
    const faults = [...chainFaults(verdict), ...statementFaults(exported)];
    if (faults.length > 0 || !verdict.intact) throw new CommandError(faults.join('\n'), CHAIN_BROKEN);
    const { seq } = verdict.head;
    return JSON.stringify({ events: seq, head: headText(verdict.head), ...(exported && summaryOf(exported)) });
  },
});

async function verdictOn(noted: readonly ChainHead[]): Promise<ChainVerdict> {
  const database = await new DataSource(dataSourceOptions(verifyAuditConfig().databaseUrl)).initialize();
  try {
    return await database.transaction('REPEATABLE READ', (snapshot) => verifyChain(snapshot, noted));
  } finally {
    await database.destroy();
  }
}

function chainFaults(verdict: ChainVerdict): string[] {
  return verdict.intact ? [] : [`the chain breaks at event ${verdict.seq}: ${SENTENCES[verdict.fault]}`];
}

function statementFaults(exported: ExportedHeads | undefined): string[] {
  const refused = exported?.refused ?? [];
  const named = refused.slice(0, MOST_NAMED).map(({ where, fault }) => {
    return `the exported head ${where} is not believed: ${STATEMENT_SENTENCES[fault]}`;
  });
  return refused.length > MOST_NAMED ? [...named, `and ${refused.length - MOST_NAMED} more`] : named;
}

function summaryOf({ heads }: ExportedHeads) {
  const last = heads.reduce((latest, head) => (isLater(head, latest) ? head : latest));
  return {
    exported_heads: { statements: heads.length, last: headText(last), stated_at: last.statedAt.toISOString() },
  };
}

function isLater(head: StatedHead, than: StatedHead): boolean {
  return head.seq === than.seq ? head.statedAt > than.statedAt : head.seq > than.seq;
}

function headText({ seq, hash }: ChainHead): string {
  return `${seq}:${hash}`;
}

function headFrom(text: string | undefined): ChainHead[] {
  if (text === undefined) return [];
  const [, seq, hash] = /^(\d{1,15}):([0-9a-f]{64})$/.exec(text) ?? [];
  if (seq === undefined || hash === undefined)
    throw new CommandError('--noted-head is not <seq>:<hash>', CALLED_WRONGLY);
  return [{ seq: Number(seq), hash }];
}

async function exportedFrom(path: string | undefined, keyFiles: string[] | undefined) {
  if (path === undefined && keyFiles === undefined) return undefined;
  if (path === undefined || keyFiles === undefined)
    throw new CommandError('--exported-heads and --head-key need each other', CALLED_WRONGLY);
  const believe = { ...exportedHeadsConfig(), keys: keyFiles.map(keyFrom) };
  const exported = await exportedHeads(path, believe).catch((error: NodeJS.ErrnoException) => {
    throw error.code === undefined ? error : new CommandError(`${path} cannot be read (${error.code})`, FAILED);
  });
  // Whoever took them all away would otherwise be told that all is well.
  if (exported.heads.length + exported.refused.length === 0)
    throw new CommandError(`${path} has no exported heads`, FAILED);
  return exported;
}

function keyFrom(file: string): KeyObject {
  const expected = `${file} is no P-256 public key in PEM, as \`openssl pkey -in <private key> -pubout\` makes it`;
  try {
    const pem = readFileSync(file, 'utf8');
    // Node takes a private key for its public half, and it has no business where chains are verified.
    const key = pem.includes('PRIVATE KEY') ? undefined : createPublicKey(pem);
    if (key?.asymmetricKeyDetails?.namedCurve === 'prime256v1') return key;
  } catch (cause) {
    throw new CommandError(expected, CALLED_WRONGLY, { cause });
  }
  throw new CommandError(expected, CALLED_WRONGLY);
}
