import { beforeAll, expect, inject, vi } from 'vitest';

const PATIENCE_MS = 240_000;

// The spec files share a stack, and some of them hold an app or the database up on purpose: the next one begins when
// everything is back.
beforeAll(async () => {
  const { management } = inject('stack').urls;
  const states = () =>
    Promise.all(Object.entries(management).map(async ([name, url]) => [name, (await fetch(`${url}/readyz`)).status]));
  await vi.waitFor(async () => expect((await states()).filter(([, status]) => status !== 200)).toEqual([]), {
    timeout: 240_000,
    interval: 100,
  });
}, 2 * PATIENCE_MS);
