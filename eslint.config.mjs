import nx from '@nx/eslint-plugin';
import prettier from 'eslint-config-prettier';
import tseslint from 'typescript-eslint';

// The tag table of docs/architecture.md. Canary files (**/*.canary.ts) break each row on purpose; a spec in e2e proves that they are refused.
const TAGS = [
  {
    sourceTag: 'type:core',
    onlyDependOnLibsWithTags: ['type:core'],
    bannedExternalImports: ['@nestjs/*', 'express', 'fastify', 'passport*', 'typeorm', 'pg', 'rxjs'],
  },
  { sourceTag: 'type:guard', onlyDependOnLibsWithTags: ['type:core'], bannedExternalImports: ['typeorm', 'pg'] },
  { sourceTag: 'type:platform', onlyDependOnLibsWithTags: ['type:core'] },
  { sourceTag: 'type:testing', onlyDependOnLibsWithTags: ['type:core'] },
  { sourceTag: 'type:app', onlyDependOnLibsWithTags: ['type:guard', 'type:platform', 'type:core'] },
  { sourceTag: 'type:e2e', onlyDependOnLibsWithTags: ['type:testing'] },
];
// Specs of product code may also use what is made for testing.
const SPEC_TAGS = TAGS.map((row) =>
  row.sourceTag === 'type:e2e'
    ? row
    : { ...row, onlyDependOnLibsWithTags: [...row.onlyDependOnLibsWithTags, 'type:testing'] },
);
const boundaries = (depConstraints) => [
  'error',
  { allow: [], depConstraints, checkDynamicDependenciesExceptions: [], enforceBuildableLibDependency: false },
];

const HTTP_AND_FRAMEWORKS = [
  '@nestjs/*',
  'express',
  'fastify',
  'passport',
  'passport-*',
  'rxjs',
  'typeorm',
  'node:http',
  'node:https',
  'node:http2',
  'http',
  'https',
];
// What ./testing exports mints tokens and presents certificates: for specs only.
const FOR_SPECS_ONLY = {
  group: ['@partner-ecosystem/*/testing', '**/testing/**'],
  message: 'Only specs may import what is made for testing.',
};
const PRODUCT = ['apps/**/*.ts', 'libs/**/*.ts', 'e2e/stack/**/*.ts', 'e2e/demo/**/*.ts'];

export default tseslint.config(
  { ignores: ['**/dist/**', '**/out-tsc/**', '**/node_modules/**', '**/*.canary.ts'] },
  ...tseslint.configs.recommended,
  {
    files: ['**/*.ts'],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    plugins: { '@nx': nx },
    rules: {
      '@nx/enforce-module-boundaries': boundaries(TAGS),
      'no-restricted-syntax': [
        'error',
        { selector: 'ExportAllDeclaration', message: 'Name your exports: the exports map is the API.' },
      ],
      'max-lines': ['error', { max: 250 }],
      'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
      'max-params': ['error', 5],
      // Nest writes constructors and modules that are only decorators and parameters.
      '@typescript-eslint/no-extraneous-class': 'off',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: false }],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      '@typescript-eslint/no-empty-object-type': 'off',
    },
  },
  {
    files: PRODUCT,
    ignores: [
      'e2e/stack/environment.ts',
      'apps/*/src/configuration/config.ts',
      'apps/*/src/main.ts',
      'apps/*/src/database/data-source.ts',
      '**/*.spec.ts',
    ],
    rules: {
      'no-restricted-properties': [
        'error',
        {
          object: 'process',
          property: 'env',
          message: 'Only config.ts, main.ts and database/data-source.ts read the environment.',
        },
      ],
    },
  },
  { files: PRODUCT, rules: { 'no-restricted-imports': ['error', { patterns: [FOR_SPECS_ONLY] }] } },
  {
    files: PRODUCT,
    ignores: ['**/*.spec.ts'],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          name: '@nestjs/swagger',
          allowTypeImports: true,
          message: 'Its decorators: @partner-ecosystem/platform/openapi, which loads it when a document is made.',
        },
      ],
    },
  },
  {
    files: ['libs/mtls-binding/src/protocol.ts', 'libs/mtls-binding/src/protocol/**/*.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            { group: HTTP_AND_FRAMEWORKS, message: 'protocol/ is pure: no framework, no HTTP server.' },
            FOR_SPECS_ONLY,
          ],
        },
      ],
    },
  },
  {
    files: ['**/*.spec.ts', '**/*.testing.ts'],
    rules: {
      '@nx/enforce-module-boundaries': boundaries(SPEC_TAGS),
      'max-lines': 'off',
      'max-lines-per-function': 'off',
      'no-restricted-imports': 'off',
    },
  },
  { files: ['**/migrations/*.ts'], rules: { 'max-lines': 'off', 'max-lines-per-function': 'off' } },
  prettier,
);
