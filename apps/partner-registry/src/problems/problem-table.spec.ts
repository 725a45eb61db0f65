import { describe, expect, it } from 'vitest';
import { PROBLEMS } from './problem-table.js';

describe('the table of problems', () => {
  it.each(Object.entries(PROBLEMS))('%s has a code for programs and an explanation for people', (code, entry) => {
    expect(code).toMatch(/^[a-z]+(_[a-z]+)*$/);
    expect(entry.status).toBeGreaterThanOrEqual(400);
    expect(entry.explanation).toMatch(/^[A-Z].*\.$/);
    expect(entry.title.length).toBeGreaterThan(3);
  });
});
