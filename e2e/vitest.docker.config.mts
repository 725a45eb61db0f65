import { defineConfig } from 'vitest/config';

const conditions = ['@partner-ecosystem/source'];

// `npm run test:docker`: needs a Docker engine, and images it can have.
export default defineConfig({
  root: import.meta.dirname,
  cacheDir: '../node_modules/.vite/e2e-docker',
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    environment: 'node',
    watch: false,
    include: ['docker/specs/**/*.spec.ts'],
    globalSetup: 'docker/specs/one-compose-stack.ts',
    // one stack for all of them
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 600_000,
    reporters: ['default', ['json', { outputFile: 'test-results.docker.json' }]],
  },
});
