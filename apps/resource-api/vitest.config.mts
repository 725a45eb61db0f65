import { defineConfig } from 'vitest/config';

export default defineConfig({
  root: import.meta.dirname,
  cacheDir: '../../node_modules/.vite/resource-api',
  oxc: { decorator: { legacy: true, emitDecoratorMetadata: true } },
  resolve: { conditions: ['@partner-ecosystem/source'] },
  ssr: { resolve: { conditions: ['@partner-ecosystem/source'] } },
  test: {
    environment: 'node',
    include: ['src/**/*.spec.ts'],
    // Once loaded, for all spec files: no module keeps a state that one could leave to the next.
    isolate: false,
    watch: false,
    reporters: ['default', ['json', { outputFile: 'test-results.json' }]],
  },
});
