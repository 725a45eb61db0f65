// Every line below breaks a rule on purpose and says which: a spec in e2e proves that lint refuses each one.
import '@partner-ecosystem/token-service/src/main.js'; // expect: @nx/enforce-module-boundaries
import '@partner-ecosystem/partner-registry/src/main.js'; // expect: @nx/enforce-module-boundaries
import '@partner-ecosystem/e2e/stack/start-stack.js'; // expect: @nx/enforce-module-boundaries
// only specs may use what is made for testing
import '@partner-ecosystem/test-pki'; // expect: @nx/enforce-module-boundaries
import '@partner-ecosystem/test-postgres'; // expect: @nx/enforce-module-boundaries
import '@partner-ecosystem/mtls-binding/testing'; // expect: no-restricted-imports
// another app's files, past its package
import '../../token-service/src/config.js'; // expect: @nx/enforce-module-boundaries
export * from './configuration/config.js'; // expect: no-restricted-syntax
export const secret = process.env['SECRET']; // expect: no-restricted-properties
