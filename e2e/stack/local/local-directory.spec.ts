import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LocalDirectory } from './local-directory.js';

describe('.local', () => {
  let folder: string;
  let path: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'partner-ecosystem-local-'));
    path = join(folder, '.local');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('is closed to everybody else, and so is every file', () => {
    const directory = LocalDirectory.claim(path);
    expect(statSync(path).mode & 0o777).toBe(0o700);
    expect(statSync(directory.write('acme.key', 'x')).mode & 0o777).toBe(0o600);
    directory.remove();
    expect(existsSync(path)).toBe(false);
  });

  it('is emptied when an earlier run that is dead left it', () => {
    mkdirSync(path);
    // above every system's highest process number
    writeFileSync(join(path, 'launcher.pid'), '4999999\n');
    writeFileSync(join(path, 'acme.key'), 'old');
    LocalDirectory.claim(path);
    expect(readdirSync(path)).toEqual(['launcher.pid']);
  });

  it('is left alone while its owner lives', () => {
    mkdirSync(path);
    writeFileSync(join(path, 'launcher.pid'), `${process.ppid}\n`);
    expect(() => LocalDirectory.claim(path)).toThrow(expect.objectContaining({ code: 'already_running' }));
  });

  it('is never a folder with files of somebody else', () => {
    mkdirSync(path);
    writeFileSync(join(path, 'notes.txt'), 'mine');
    expect(() => LocalDirectory.claim(path)).toThrow(expect.objectContaining({ code: 'environment_invalid' }));
    expect(readdirSync(path)).toEqual(['notes.txt']);
  });
});
