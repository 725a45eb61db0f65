import { describe, expect, it } from 'vitest';
import { StopList } from './stop-list.js';

describe('a stop list', () => {
  it('stops in the opposite order, once, also when asked twice', async () => {
    const stopped: string[] = [];
    const list = new StopList();
    for (const name of ['files', 'database', 'apps']) list.add({ stop: async () => void stopped.push(name) });
    await Promise.all([list.stop(), list.stop()]);
    expect(stopped).toEqual(['apps', 'database', 'files']);
  });

  it('stops the rest when one cannot be stopped, and says which', async () => {
    const stopped: string[] = [];
    const list = new StopList();
    list.add({ stop: async () => void stopped.push('files') });
    list.add({ stop: () => Promise.reject(new Error('the database hangs')) });
    await expect(list.stop()).rejects.toThrow('the database hangs');
    expect(stopped).toEqual(['files']);
  });
});
