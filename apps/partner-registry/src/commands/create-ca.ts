import { runCommand, CommandError } from '@partner-ecosystem/platform/command';
import { DataSource } from 'typeorm';
import { AuthorityRefusal } from '../certificate-authority/creation/authority-refusal.js';
import { createAuthority } from '../certificate-authority/creation/create-authority.js';
import { renewRootList } from '../certificate-authority/creation/renew-root-list.js';
import { createRoot, openRoot, rootList, type Root } from '../certificate-authority/creation/root.js';
import { RootDirectory } from '../certificate-authority/creation/root-directory.js';
import { authorityUrls, rootUrls } from '../certificate-authority/publication/publication-urls.js';
import { authorityConfig, authorityListConfig } from '../configuration/config.js';
import { dataSourceOptions } from '../database/data-source.js';
import { showIdentifier } from '../identifiers/identifier.js';
import { createCaOptions, type CreateCaOptions } from './create-ca-options.js';
import { givenFile } from './given-file.js';
import { refusalOf } from './refusal-of.js';

const FAILED = 1;
const AUTHORITY_EXISTS = 3;

runCommand({
  name: 'create-ca',
  summary:
    'makes the root of the platform’s own certificate authority, and below it the authority that issues the certificates of clients. Without --environment the root alone, which needs no database: on a machine without a network, its directory on a medium that is then connected only for this command. Exit code 3 when the environment has an authority already; prints JSON',
  variables: {
    DATABASE_URL: 'the login the registry runs with; not for a root alone, nor are the others',
    AUDIENCE: 'the audience of this registry, as it is configured',
    ISSUER: 'the issuer of the token service, as it is configured',
    KEY_ENCRYPTION_KEY_FILE: '32 random bytes as base64url; the registry gets the same file',
    KEY_ENCRYPTION_KEY_PREVIOUS_FILE: 'optional: the one before it',
    CRL_VALIDITY: 'optional: until the authority’s first CRL ends, 24h',
  },
  options: createCaOptions.declared,
  optionTexts: createCaOptions.texts,
  run: async (values, progress) => {
    const options = createCaOptions.read(values);
    const now = new Date();
    try {
      return JSON.stringify(await create(options, now, progress));
    } catch (error) {
      if (!(error instanceof AuthorityRefusal)) throw refusalOf(error);
      throw new CommandError(error.message, error.code === 'authority_exists' ? AUTHORITY_EXISTS : FAILED);
    }
  },
});

type Progress = (line: string) => void;
type Wanted = NonNullable<CreateCaOptions['authority']>;

async function create(options: CreateCaOptions, now: Date, progress: Progress): Promise<object> {
  const directory = new RootDirectory(options.root);
  // Before anything is made: what is missing should not be found out halfway.
  if (options.authority) authorityConfig();
  if (options.renewRootList) authorityListConfig();
  const passphrase = givenFile('--root-passphrase-file', options.passphraseFile).replace(/\r?\n$/, '');
  const root = await rootIn(directory, passphrase, options, now, progress);
  const shown = {
    root: {
      spki_sha256: root.certificate.spkiSha256,
      sha256: root.certificate.sha256,
      until: root.certificate.notAfter,
    },
  };
  if (options.renewRootList) return { ...shown, ...(await renewList(directory, root, options, progress)) };
  if (!options.authority) return shown;
  const nextList = async (at: Date): Promise<Buffer> => {
    progress('signing the root’s CRL');
    const list = await rootList(root, { days: options.rootListDays, now: at });
    directory.writeList(list);
    return list;
  };
  return { ...shown, ...(await authorityBelow(root, options.authority, nextList, progress)) };
}

async function rootIn(
  directory: RootDirectory,
  passphrase: string,
  options: CreateCaOptions,
  now: Date,
  progress: Progress,
): Promise<Root> {
  if (directory.holdsRoot()) {
    progress(`opening the root in ${directory.path}`);
    return openRoot(directory, passphrase, now);
  }
  if (options.renewRootList) throw new CommandError(`${directory.path} holds no root`, FAILED);
  progress(`making a root in ${directory.path}, until ${now.getUTCFullYear() + options.rootYears}`);
  const { organization, rootYears: years, rootListDays: listDays } = options;
  return createRoot(directory, passphrase, { organization, years, listDays }, now);
}

async function authorityBelow(
  root: Root,
  wanted: Wanted,
  nextList: (at: Date) => Promise<Buffer>,
  progress: Progress,
): Promise<object> {
  const { environment, publicUrl } = wanted;
  const { databaseUrl, ...settings } = authorityConfig();
  progress(`making the authority for ${environment}`);
  return withDatabase(databaseUrl, async (database) => {
    const authority = await createAuthority(database, root, { ...settings, ...wanted, rootList: nextList });
    return {
      certificate_authority_id: showIdentifier('cau', authority.id),
      environment,
      until: authority.not_after,
      trust_anchor_id: showIdentifier('anc', authority.trust_anchor_id),
      crl: authorityUrls(publicUrl, authority.id).list,
      root_crl: rootUrls(publicUrl, root.certificate.spkiSha256).list,
    };
  });
}

async function renewList(
  directory: RootDirectory,
  root: Root,
  options: CreateCaOptions,
  progress: Progress,
): Promise<object> {
  const { databaseUrl, identity } = authorityListConfig();
  progress('signing the root’s CRL');
  const order = { identity, days: options.rootListDays, revoke: options.revoke };
  const keep = (list: Buffer) => directory.writeList(list);
  const published = await withDatabase(databaseUrl, (database) => renewRootList(database, root, order, keep));
  return { revoked: options.revoke ?? null, published_for: published };
}

async function withDatabase<T>(url: string, use: (database: DataSource) => Promise<T>): Promise<T> {
  const database = await new DataSource(dataSourceOptions(url)).initialize();
  try {
    return await use(database);
  } finally {
    await database.destroy();
  }
}
