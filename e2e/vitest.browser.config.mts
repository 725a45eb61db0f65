import { defineConfig } from 'vitest/config';

const conditions = ['@partner-ecosystem/source'];

export default defineConfig({
  root: import.meta.dirname,
  cacheDir: '../node_modules/.vite/e2e-browser',
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    environment: 'node',
    watch: false,
    include: ['browser/**/*.spec.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    reporters: ['default', ['json', { outputFile: 'test-results.browser.json' }]],
  },
});
