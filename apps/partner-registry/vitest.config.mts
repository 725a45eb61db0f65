import { defineConfig } from 'vitest/config';

export default defineConfig({
  root: import.meta.dirname,
  cacheDir: '../../node_modules/.vite/partner-registry',
  oxc: { decorator: { legacy: true, emitDecoratorMetadata: true } },
  resolve: { conditions: ['@partner-ecosystem/source'] },
  ssr: { resolve: { conditions: ['@partner-ecosystem/source'] } },
  test: {
    environment: 'node',
    include: ['src/**/*.spec.ts'],
    globalSetup: 'src/database/migrated-database.testing.ts',
    watch: false,
    reporters: ['default', ['json', { outputFile: 'test-results.json' }]],
  },
});
