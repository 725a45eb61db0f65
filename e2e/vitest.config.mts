import { defineConfig } from 'vitest/config';

const conditions = ['@partner-ecosystem/source'];

export default defineConfig({
  root: import.meta.dirname,
  cacheDir: '../node_modules/.vite/e2e',
  oxc: { decorator: { legacy: true, emitDecoratorMetadata: true } },
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    environment: 'node',
    watch: false,
    reporters: ['default', ['json', { outputFile: 'test-results.json' }]],
    // one stack for all of them, and some of them start another: never two files at once
    fileParallelism: false,
    testTimeout: 30_000,
    hookTimeout: 120_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'workspace',
          include: ['specs/workspace/**/*.spec.ts', '{stack,demo,rules,faults,bench}/**/*.spec.ts'],
        },
      },
      { extends: true, test: { name: 'launcher', include: ['specs/{launcher,scale,examples,package}/**/*.spec.ts'] } },
      {
        extends: true,
        test: {
          name: 'black-box',
          include: ['specs/{black-box,registry,token-service}/**/*.spec.ts'],
          globalSetup: 'specs/black-box/one-stack.ts',
          setupFiles: 'specs/black-box/ready-stack.ts',
        },
      },
    ],
  },
});
