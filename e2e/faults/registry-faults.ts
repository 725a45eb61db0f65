import type { Fault } from './fault.js';

/** Breaks what the registry owes those who work with it and their partners. */
export const REGISTRY_FAULTS: readonly Fault[] = [
  {
    rule: 'A46',
    then: 'sets no default resource with the first grant',
    in: 'AdoptDefaultResource.adopt',
    find: 'client.default_resource !== null || only !== audience',
    replace: 'true',
    spec: 'apps/partner-registry/src/grants/default-resource.spec.ts',
  },
  {
    rule: 'A33',
    then: 'explains the codes on the first listener alone',
    in: 'explainProblems',
    find: 'listener: [...listeners] }',
    replace: 'listener: listeners.slice(0, 1) }',
    spec: 'libs/platform/src/openapi/describe-api.spec.ts',
  },
];
