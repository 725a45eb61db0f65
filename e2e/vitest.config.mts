import { projectSpecs } from '../vitest.base.mts';

const ONE_STACK = {
  globalSetup: 'specs/black-box/one-stack.ts',
  setupFiles: 'specs/black-box/ready-stack.ts',
};
const PROJECTS = [
  {
    extends: true as const,
    test: {
      name: 'workspace',
      include: ['specs/workspace/**/*.spec.ts', '{stack,demo,rules,faults,bench}/**/*.spec.ts'],
    },
  },
  {
    extends: true as const,
    test: { name: 'launcher', include: ['specs/{launcher,scale,examples,package}/**/*.spec.ts'] },
  },
  {
    extends: true as const,
    test: {
      name: 'black-box',
      include: ['specs/{black-box,registry,token-service}/**/*.spec.ts'],
      ...ONE_STACK,
    },
  },
];

export default projectSpecs(import.meta.dirname, (mode) => ({
  // one stack for all of them, and some of them start another: never two files at once
  fileParallelism: false,
  isolate: false,
  ...(mode === 'docker' ? { globalSetup: 'docker/specs/one-compose-stack.ts' } : {}),
  ...(mode === 'quiet' ? ONE_STACK : {}),
  ...(['real', 'browser', 'docker', 'quiet'].includes(mode) ? {} : { projects: PROJECTS }),
}));
