import type { Fault } from './fault.js';

const REGISTRY = 'apps/partner-registry/src';
const DEFAULT_RESOURCE_SPEC = `${REGISTRY}/grants/default-resource.spec.ts`;

/** Breaks what the registry owes those who work with it and their partners. */
export const REGISTRY_FAULTS: readonly Fault[] = [
  {
    rule: 'A46',
    then: 'sets no default resource with the first grant',
    file: `${REGISTRY}/grants/adopt-default-resource.ts`,
    find: 'client.default_resource !== null || only !== audience',
    replace: 'true',
    spec: DEFAULT_RESOURCE_SPEC,
  },
  {
    rule: 'A46',
    then: 'says nothing when a client that names no resource loses its token',
    file: `${REGISTRY}/clients/target-warnings.ts`,
    find: 'before.audience === null || before.audience === after.audience',
    replace: 'true',
    spec: DEFAULT_RESOURCE_SPEC,
  },
  {
    rule: 'A33',
    then: 'explains the codes on the first listener alone',
    file: 'libs/platform/src/serve/explain-problems.ts',
    find: 'listener: [...listeners] }',
    replace: 'listener: listeners.slice(0, 1) }',
    spec: 'libs/platform/src/openapi/describe-api.spec.ts',
  },
  {
    rule: 'A33',
    then: 'knows none of the codes of the platform',
    file: 'libs/platform/src/serve/explain-problems.ts',
    find: '{ ...PLATFORM_PROBLEMS, ...own }',
    replace: 'own',
    spec: 'libs/platform/src/serve/errors.spec.ts',
  },
];
