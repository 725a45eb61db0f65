// Every line below breaks a rule on purpose and says which: a spec in e2e proves that lint refuses each one.
import '@nestjs/common'; // expect: @nx/enforce-module-boundaries
import 'fastify'; // expect: @nx/enforce-module-boundaries
import 'passport'; // expect: @nx/enforce-module-boundaries
import 'typeorm'; // expect: @nx/enforce-module-boundaries
import 'pg'; // expect: @nx/enforce-module-boundaries
import 'rxjs'; // expect: @nx/enforce-module-boundaries
import '@partner-ecosystem/mtls-binding'; // expect: @nx/enforce-module-boundaries
import '@partner-ecosystem/platform/logging'; // expect: @nx/enforce-module-boundaries
import '@partner-ecosystem/token-service/src/main.js'; // expect: @nx/enforce-module-boundaries
import '@partner-ecosystem/e2e/stack/start-stack.js'; // expect: @nx/enforce-module-boundaries
// only specs may use what is made for testing
import '@partner-ecosystem/test-pki'; // expect: @nx/enforce-module-boundaries
// another project's files, past its exports
import '../../platform/src/logging/index.js'; // expect: @nx/enforce-module-boundaries
export * from './index.js'; // expect: no-restricted-syntax
export const secret = process.env['SECRET']; // expect: no-restricted-properties
