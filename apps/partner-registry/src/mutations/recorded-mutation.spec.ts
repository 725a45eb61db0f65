import type { EntityManager } from 'typeorm';
import { describe, expect, it } from 'vitest';
import type { MutationContext } from './words/mutation-context.js';
import { RecordedMutation } from './recorded-mutation.js';

const EVENT = { action: 'thing.changed', targets: ['thg_1'] };

function mutation(given: Partial<MutationContext> = {}): RecordedMutation {
  const context: MutationContext = {
    actor: {
      clientId: 'cli_1',
      certificateThumbprint: null,
      scopes: [],
      audience: 'https://registry.example',
      issuer: 'https://issuer.example',
    },
    requestId: 'req_1',
    dryRun: false,
    ifMatch: undefined,
    ifMatchRequired: false,
    idempotency: undefined,
    answerOf: (result) => Promise.resolve(result),
    revoked: () => undefined,
    ...given,
  };
  return new RecordedMutation({} as EntityManager, context, new Date(0));
}

describe('a version', () => {
  it.each([
    ['the one that was seen passes', { ifMatch: [1, 3], ifMatchRequired: true }, undefined],
    ['an older one does not', { ifMatch: [2], ifMatchRequired: true }, 'precondition_failed'],
    ['nor does one of nothing we have', { ifMatch: [], ifMatchRequired: false }, 'precondition_failed'],
    ['none does not where something is changed', { ifMatchRequired: true }, 'precondition_required'],
    ['any passes', { ifMatch: 'any', ifMatchRequired: true }, undefined],
    ['one that must not be there does not', { ifNoneMatch: [1, 3] }, 'precondition_failed'],
    ['nor any', { ifNoneMatch: 'any' }, 'precondition_failed'],
    ['another one may', { ifNoneMatch: [2] }, undefined],
    ['none passes where something is added', { ifMatchRequired: false }, undefined],
  ] as const)('%s', (_, given, code) => {
    const compare = () => mutation(given).assertMatches({ version: 3 });
    if (code === undefined) expect(compare).not.toThrow();
    else expect(compare).toThrow(expect.objectContaining({ code }));
  });
});

describe('no feature can leave out', () => {
  it('the audit event', () => {
    const forgetful = mutation();
    forgetful.assertMatches({ version: 1 });
    expect(() => forgetful.assertComplete()).toThrow(TypeError);
    forgetful.audit(EVENT);
    expect(() => forgetful.assertComplete()).not.toThrow();
  });

  it('a look at the If-Match of a change', () => {
    const forgetful = mutation({ ifMatch: [1], ifMatchRequired: true });
    forgetful.audit(EVENT);
    expect(() => forgetful.assertComplete()).toThrow(TypeError);
  });

  it('a look at an If-Match that was sent', () => {
    const creation = mutation({ ifMatch: [1] });
    creation.audit(EVENT);
    expect(() => creation.assertComplete()).toThrow(expect.objectContaining({ code: 'invalid_request' }));
  });
});
