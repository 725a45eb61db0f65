// Every line below breaks a rule on purpose and says which: a spec in e2e proves that lint refuses each one.
import '@partner-ecosystem/mtls-binding'; // expect: @nx/enforce-module-boundaries
import '@partner-ecosystem/platform/logging'; // expect: @nx/enforce-module-boundaries
import '@partner-ecosystem/token-service/src/main.js'; // expect: @nx/enforce-module-boundaries
import '@partner-ecosystem/test-postgres'; // expect: @nx/enforce-module-boundaries
import '@partner-ecosystem/e2e/stack/start-stack.js'; // expect: @nx/enforce-module-boundaries
export * from './index.js'; // expect: no-restricted-syntax
export const secret = process.env['SECRET']; // expect: no-restricted-properties
