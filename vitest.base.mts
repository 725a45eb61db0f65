import { availableParallelism } from 'node:os';
import { basename, join, relative } from 'node:path';
import { configDefaults, defineConfig, type ViteUserConfigFnObject } from 'vitest/config';
import type { InlineConfig } from 'vitest/node';

/**
 * How long a test and a hook may take. No verdict depends on these limits: they only end what is stuck, so they are far above
 * what the slowest test needs on a machine that has ten times too much to do. A wait within a test ends before them (240 s), to
 * say what was not seen.
 */
const LIMITS = { testTimeout: 600_000, hookTimeout: 1_800_000, teardownTimeout: 60_000 };

/** Of spec files at once: they wait for servers more than they compute, so that one for two cores leaves both idle. */
const WORKERS = Math.max(2, availableParallelism() - 1);

/**
 * What a spec needs beside Node and npm stands in its file name: `*.real.spec.ts` asks other programs (openssl, nginx, Go, …),
 * `*.browser.spec.ts` drives Chromium, `*.docker.spec.ts` a Docker engine; `*.quiet.spec.ts` is about durations under a load of
 * its own and needs a machine that does nothing else. `.ci/programs.mjs` says which programs, and how to get them. `vitest run`
 * leaves these files out; `vitest run --mode real` runs those of its name, and no others.
 */
const NEEDS = ['real', 'browser', 'docker', 'quiet'];
const CONDITIONS = ['@partner-ecosystem/source'];

/**
 * The configuration of a project's specs, the same for all projects.
 *
 * @param root the project's folder
 * @param test what differs in this project
 * @example export default projectSpecs(import.meta.dirname, { isolate: false });
 */
export function projectSpecs(
  root: string,
  test: InlineConfig | ((mode: string) => InlineConfig) = {},
): ViteUserConfigFnObject {
  return defineConfig(({ mode }) => {
    const need = NEEDS.find((one) => one === mode);
    const suffix = need === undefined ? '' : `.${need}`;
    return {
      root,
      cacheDir: join(
        import.meta.dirname,
        'node_modules/.vite',
        `${basename(relative(import.meta.dirname, root))}${suffix}`,
      ),
      oxc: { decorator: { legacy: true, emitDecoratorMetadata: true } },
      resolve: { conditions: CONDITIONS },
      ssr: { resolve: { conditions: CONDITIONS } },
      test: {
        environment: 'node',
        watch: false,
        ...LIMITS,
        maxWorkers: WORKERS,
        include: need === undefined ? ['src/**/*.spec.ts'] : [`**/*.${need}.spec.ts`],
        exclude: [
          ...configDefaults.exclude,
          // What specs share may itself be a spec file, so that neither the build nor the import bans see it.
          '**/*.fixture.spec.ts',
          ...NEEDS.filter((one) => one !== need).map((one) => `**/*.${one}.spec.ts`),
        ],
        reporters: ['default', 'json'],
        outputFile: { json: `test-results${suffix}.json` },
        ...(typeof test === 'function' ? test(mode) : test),
      },
    };
  });
}
