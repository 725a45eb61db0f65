import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium, type BrowserContext } from 'playwright-core';
import { findChromium } from './find-chromium.js';

export interface Person {
  /** a new folder of theirs; the browser's profile and certificate store are made in it */
  home: string;
  /** PEM file of the authority behind the servers' certificates */
  authority: string;
  /** the certificate file they import, and its passphrase */
  pkcs12: string;
  passphrase: string;
  /** where the certificate is presented without asking: nobody is there to click in a headless browser */
  origins: readonly string[];
}

// Headless on a closed network: nothing but what the test opens is asked for.
const ARGUMENTS = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** A browser into which somebody imported a PKCS#12 file and an authority, as the documentation says. */
export async function openBrowser(person: Person): Promise<BrowserContext> {
  const executablePath = findChromium();
  importCertificates(person);
  const profile = join(person.home, 'profile');
  chooseCertificateFor(person.origins, profile);
  return chromium.launchPersistentContext(profile, {
    executablePath,
    headless: true,
    viewport: { width: 1280, height: 1600 },
    env: { ...process.env, HOME: person.home, XDG_CONFIG_HOME: join(person.home, '.config') } as Record<string, string>,
    // The sandbox cannot run as root, and these pages are ours.
    args: process.getuid?.() === 0 ? [...ARGUMENTS, '--no-sandbox'] : ARGUMENTS,
  });
}

// On Linux, Chromium reads the NSS store of the home directory.
function importCertificates({ home, authority, pkcs12, passphrase }: Person): void {
  const store = join(home, '.pki', 'nssdb');
  mkdirSync(store, { recursive: true });
  const database = ['-d', `sql:${store}`];
  execFileSync('certutil', ['-N', ...database, '--empty-password'], { stdio: 'pipe' });
  execFileSync('certutil', ['-A', ...database, '-n', 'servers', '-t', 'C,,', '-i', authority], { stdio: 'pipe' });
  execFileSync('pk12util', [...database, '-i', pkcs12, '-W', passphrase], { stdio: 'pipe' });
}

// What the choice "remember for this site" would write; the policy of the same name would change the whole machine.
function chooseCertificateFor(origins: readonly string[], profile: string): void {
  const choices = Object.fromEntries(origins.map((origin) => [`${origin},*`, { setting: { filters: [{}] } }]));
  mkdirSync(join(profile, 'Default'), { recursive: true });
  const preferences = { profile: { content_settings: { exceptions: { auto_select_certificate: choices } } } };
  writeFileSync(join(profile, 'Default', 'Preferences'), JSON.stringify(preferences));
}
