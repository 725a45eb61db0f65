// Every line below breaks a rule on purpose and says which: a spec in e2e proves that lint refuses each one.
import '@nestjs/common'; // expect: no-restricted-imports
import 'express'; // expect: no-restricted-imports
import 'fastify'; // expect: no-restricted-imports
import 'passport'; // expect: no-restricted-imports
import 'passport-custom'; // expect: no-restricted-imports
import 'rxjs'; // expect: no-restricted-imports
import 'node:http'; // expect: no-restricted-imports
import 'node:https'; // expect: no-restricted-imports
import 'node:http2'; // expect: no-restricted-imports
import 'https'; // expect: no-restricted-imports
import '../testing/test-tokens.js'; // expect: no-restricted-imports
export * from './bound-token.js'; // expect: no-restricted-syntax
export const secret = process.env['SECRET']; // expect: no-restricted-properties
