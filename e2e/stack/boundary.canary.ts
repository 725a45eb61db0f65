// Every line below breaks a rule on purpose and says which: a spec in e2e proves that lint refuses each one.
import '@partner-ecosystem/token-service/src/main.js'; // expect: @nx/enforce-module-boundaries
import '@partner-ecosystem/partner-registry/src/main.js'; // expect: @nx/enforce-module-boundaries
import '@partner-ecosystem/resource-api/src/main.js'; // expect: @nx/enforce-module-boundaries
import '@partner-ecosystem/mtls-binding'; // expect: @nx/enforce-module-boundaries
import '@partner-ecosystem/platform/logging'; // expect: @nx/enforce-module-boundaries
import '@partner-ecosystem/x509'; // expect: @nx/enforce-module-boundaries
import '../../apps/token-service/src/configuration/config.js'; // expect: @nx/enforce-module-boundaries
export * from './topology.js'; // expect: no-restricted-syntax
