import { Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { Limits } from './limits.js';
import { LimitsPolicy } from './limits-policy.js';

const ONCE = { perSecond: 0.01, burst: 1 };
const exceeded = (code: string) => expect.objectContaining({ code }) as Error;

describe('A34: strangers share, and callers that proved a client do not depend on them', () => {
  it('the rate of an address is for strangers: a known certificate is counted against its client', () => {
    const limits = new Limits(new LimitsPolicy({ perAddress: { perSecond: 0.01, burst: 2 }, perClient: ONCE }));
    limits.proved(limits.arrive('192.0.2.1', 'own'), 'cli_1');
    limits.arrive('192.0.2.1', 'other');
    expect(() => limits.arrive('192.0.2.1', 'other')).toThrow(exceeded('address_rate'));
    expect(() => limits.arrive('192.0.2.1', undefined)).toThrow(exceeded('address_rate'));
    expect(() => limits.arrive('192.0.2.1', 'own')).toThrow(exceeded('client_rate')); // its own one, used up above
  });

  it('a client is charged once for each request, however it came in', () => {
    const limits = new Limits(new LimitsPolicy({ perClient: { perSecond: 0.01, burst: 2 } }));
    for (let request = 0; request < 2; request += 1) limits.proved(limits.arrive('192.0.2.1', 'own'), 'cli_1');
    expect(() => limits.arrive('192.0.2.1', 'own')).toThrow(exceeded('client_rate'));
    expect(() => limits.proved(limits.arrive('192.0.2.1', 'second'), 'cli_1')).toThrow(exceeded('client_rate'));
  });

  it('places at once: strangers get their share, proven callers the rest', () => {
    const limits = new Limits(new LimitsPolicy({ concurrent: 3, concurrentUnproven: 1 }));
    limits.proved(limits.arrive('192.0.2.1', 'own'), 'cli_1');
    const leave = limits.enter(limits.arrive('192.0.2.9', undefined));
    expect(() => limits.enter(limits.arrive('192.0.2.9', undefined))).toThrow(exceeded('too_busy'));
    const known = [limits.enter(limits.arrive('192.0.2.1', 'own')), limits.enter(limits.arrive('192.0.2.1', 'own'))];
    expect(() => limits.enter(limits.arrive('192.0.2.1', 'own'))).toThrow(exceeded('too_busy'));
    leave();
    leave(); // a second time changes nothing
    expect(() => limits.enter(limits.arrive('192.0.2.9', undefined))).not.toThrow();
    known.forEach((end) => end());
  });

  it('a stranger that proves itself while it is served leaves the share of strangers', () => {
    const limits = new Limits(new LimitsPolicy({ concurrent: 9, concurrentUnproven: 1 }));
    const caller = limits.arrive('192.0.2.1', 'own');
    const leave = limits.enter(caller);
    limits.proved(caller, 'cli_1');
    const next = limits.enter(limits.arrive('192.0.2.9', undefined));
    leave();
    expect(() => limits.enter(limits.arrive('192.0.2.9', undefined))).toThrow(exceeded('too_busy'));
    next();
  });

  it('a known certificate that is refused is a stranger again', () => {
    const limits = new Limits(new LimitsPolicy({ perAddress: ONCE }));
    limits.proved(limits.arrive('192.0.2.1', 'own'), 'cli_1');
    limits.refused(limits.arrive('192.0.2.1', 'own'));
    expect(() => limits.arrive('192.0.2.1', 'own')).toThrow(exceeded('address_rate'));
  });

  it('what is refused, and what is in progress, is on /metrics', async () => {
    const [limits, registry] = [new Limits(new LimitsPolicy({ perAddress: ONCE })), new Registry()];
    limits.registerIn(registry);
    limits.enter(limits.arrive('192.0.2.1', undefined));
    expect(() => limits.arrive('192.0.2.1', undefined)).toThrow();
    const text = await registry.metrics();
    expect(text).toContain('requests_over_limit_total{limit="address_rate"} 1');
    expect(text).toContain('requests_in_progress{proven="false"} 1');
  });
});
