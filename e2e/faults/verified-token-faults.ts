import type { Fault } from './fault.js';

/** What a token is still held to once it is known, what a plain one is let through for, and what forgers try. */
export const VERIFIED_TOKEN_FAULTS: readonly Fault[] = [
  {
    rule: 'R2',
    then: 'knows a token by its header and claims, whatever its signature',
    in: 'Admission.admitKnown',
    find: 'this.#verified.find(asked.credentials,',
    replace: "this.#verified.find(presentation.credentials.replace(/[^.]*$/, ''),",
    spec: 'libs/mtls-binding/src/nest/seen-tokens.spec.ts',
  },
  {
    rule: 'R11',
    then: 'knows a token beyond its end',
    in: 'hasEnded',
    find: 'return !(until > now);',
    replace: 'return !(until > now - 5_000);',
    spec: 'libs/mtls-binding/src/verified-tokens/verified-tokens.spec.ts',
  },
  {
    rule: 'R2',
    then: 'still knows what a distrusted key signed',
    in: 'VerifiedTokens.#follow',
    find: '    this.#entries.clear();',
    replace: '',
    spec: 'libs/mtls-binding/src/verified-tokens/verified-tokens.spec.ts',
  },
  {
    rule: 'R5',
    then: 'lets plain tokens through in every mode',
    in: 'Admission.constructor',
    find: "options.mode instanceof ReportOnly ? 'let_through' : 'refused'",
    replace: "'let_through'",
    spec: 'libs/mtls-binding/src/nest/report-only.spec.ts',
  },
];
