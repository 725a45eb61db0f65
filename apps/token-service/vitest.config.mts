import { configDefaults, defineConfig } from 'vitest/config';

export default defineConfig({
  root: import.meta.dirname,
  cacheDir: '../../node_modules/.vite/token-service',
  oxc: { decorator: { legacy: true, emitDecoratorMetadata: true } },
  resolve: { conditions: ['@partner-ecosystem/source'] },
  ssr: { resolve: { conditions: ['@partner-ecosystem/source'] } },
  test: {
    environment: 'node',
    include: ['src/**/*.spec.ts'],
    // What specs share is itself a spec file, so that neither the build nor the import bans see it.
    exclude: [...configDefaults.exclude, 'src/**/*.fixture.spec.ts'],
    globalSetup: 'src/database/migrated-schemas.fixture.spec.ts',
    // Once loaded, for all spec files: no module keeps a state that one could leave to the next.
    isolate: false,
    watch: false,
    reporters: ['default', ['json', { outputFile: 'test-results.json' }]],
  },
});
