// Every line below breaks a rule on purpose and says which: a spec in e2e proves that lint refuses each one.
import 'typeorm'; // expect: @nx/enforce-module-boundaries
import 'pg'; // expect: @nx/enforce-module-boundaries
import '@partner-ecosystem/platform/problem'; // expect: @nx/enforce-module-boundaries
import '@partner-ecosystem/resource-api/src/main.js'; // expect: @nx/enforce-module-boundaries
import '@partner-ecosystem/e2e/stack/start-stack.js'; // expect: @nx/enforce-module-boundaries
import '@partner-ecosystem/test-pki'; // expect: @nx/enforce-module-boundaries
import './testing/index.js'; // expect: no-restricted-imports
import '../src/testing/test-binding.js'; // expect: no-restricted-imports
export * from './index.js'; // expect: no-restricted-syntax
export const secret = process.env['SECRET']; // expect: no-restricted-properties
