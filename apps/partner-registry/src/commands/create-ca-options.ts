import { CommandError } from '@partner-ecosystem/platform/command';
import { z } from 'zod';
import { environment, text } from '../http/fields.schema.js';

const CALLED_WRONGLY = 2;
const LONGEST_ORGANIZATION = 38;

const declared = {
  root: { type: 'string' },
  'root-passphrase-file': { type: 'string' },
  environment: { type: 'string' },
  'public-url': { type: 'string' },
  organization: { type: 'string' },
  'root-years': { type: 'string' },
  years: { type: 'string' },
  'root-crl-days': { type: 'string' },
  replace: { type: 'boolean' },
  'renew-root-crl': { type: 'boolean' },
  revoke: { type: 'string' },
} as const;

const texts = {
  '--root <directory>': 'root.key, root.crt and root.crl; a root is made where there is none; required',
  '--root-passphrase-file <file>': 'what root.key is encrypted with, 16 characters or more; required',
  '--environment <name>': 'sandbox or production: make its authority',
  '--public-url <url>':
    'http://host[:port] of the registry’s listener without TLS, as everybody reaches it: it stands in every certificate; required with --environment',
  '--organization <name>': `of a new root, at most ${LONGEST_ORGANIZATION} characters; Partner Ecosystem`,
  '--root-years <n>': 'life of a new root, 1 to 30; 10',
  '--years <n>': 'life of the authority, 1 to 10, never longer than the root’s; 3',
  '--root-crl-days <n>': 'life of the root’s CRL, 1 to 3660; 365',
  '--replace': 'retire the authority that the environment has; what it issued stays valid, and its list is kept up',
  '--renew-root-crl': 'only make and publish the root’s next CRL',
  '--revoke <cau_…>':
    'with --renew-root-crl: put this authority on it and retire it. The certificates it issued are accepted by this platform until they are revoked too',
};

const whole = (least: number, most: number, otherwise: number) =>
  z
    .string()
    .regex(/^\d{1,4}$/, { error: `expected a whole number from ${least} to ${most}`, abort: true })
    .transform(Number)
    .refine((n) => n >= least && n <= most, { error: `expected a whole number from ${least} to ${most}` })
    .default(otherwise);

const publicUrl = z.string().refine(isOrigin, { error: 'expected http://host[:port], without path and slash' });

const options = z
  .object({
    root: z.string({ error: 'is missing' }).min(1),
    'root-passphrase-file': z.string({ error: 'is missing' }).min(1),
    environment: environment.optional(),
    'public-url': publicUrl.optional(),
    organization: text(LONGEST_ORGANIZATION).default('Partner Ecosystem'),
    'root-years': whole(1, 30, 10),
    years: whole(1, 10, 3),
    'root-crl-days': whole(1, 3660, 365),
    replace: z.boolean().default(false),
    'renew-root-crl': z.boolean().default(false),
    revoke: z
      .string()
      .regex(/^cau_[0-9a-f]{32}$/, { error: 'expected cau_ and 32 hexadecimal digits' })
      .optional(),
  })
  .superRefine((given, context) => {
    const refuse = (name: string, message: string) => context.addIssue({ code: 'custom', path: [name], message });
    if ((given.environment === undefined) !== (given['public-url'] === undefined))
      refuse('public-url', 'is needed with --environment, and of no use without it');
    if (given['renew-root-crl'] && given.environment !== undefined)
      refuse('renew-root-crl', 'is of no use with --environment, which makes one anyway');
    if (given.revoke !== undefined && !given['renew-root-crl']) refuse('revoke', 'needs --renew-root-crl');
    if (given.replace && given.environment === undefined) refuse('replace', 'needs --environment');
  });

export interface CreateCaOptions {
  root: string;
  passphraseFile: string;
  organization: string;
  rootYears: number;
  rootListDays: number;
  /** undefined: none is to be made */
  authority:
    { environment: z.infer<typeof environment>; publicUrl: string; years: number; replace: boolean } | undefined;
  renewRootList: boolean;
  revoke: string | undefined;
}

/** @throws CommandError with every fault */
function read(values: Readonly<Record<string, unknown>>): CreateCaOptions {
  const { data, error } = options.safeParse(values);
  if (error) {
    const faults = error.issues.map(({ path, message }) => `--${String(path[0])}: ${message}`);
    throw new CommandError(faults.join('\n'), CALLED_WRONGLY);
  }
  return {
    root: data.root,
    passphraseFile: data['root-passphrase-file'],
    organization: data.organization,
    rootYears: data['root-years'],
    rootListDays: data['root-crl-days'],
    authority: authorityIn(data),
    renewRootList: data['renew-root-crl'],
    revoke: data.revoke,
  };
}

function authorityIn(data: z.infer<typeof options>): CreateCaOptions['authority'] {
  const { environment: name, 'public-url': url, years, replace } = data;
  return name === undefined || url === undefined ? undefined : { environment: name, publicUrl: url, years, replace };
}

// RFC 5280 4.2.1.13 and section 8: a list is fetched without TLS, or nobody could ever check the server's certificate.
function isOrigin(url: string): boolean {
  return /^http:\/\/[^\s?#@/]+$/.test(url) && URL.canParse(url) && url.length <= 200;
}

/** What `create-ca` is told. */
export const createCaOptions = { declared, texts, read };
