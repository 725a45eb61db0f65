import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { environmentFile } from './write-local-files.js';

describe('the env file', () => {
  it('gives a shell exactly the values, whatever is in a path', () => {
    const value = `/home of "o'neil"/$HOME/\`id\`/ca.pem`;
    const script = `${environmentFile({ CA: value })} printf %s "$CA"`;
    expect(execFileSync('/bin/sh', ['-c', script], { encoding: 'utf8' })).toBe(value);
  });
});
