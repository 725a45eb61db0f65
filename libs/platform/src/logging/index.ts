export { createLogger, type Logger, type LoggerOptions } from './create-logger.js';
export { nestLogger } from './nest-logger.js';
export { errorFields, type ErrorFields } from './error-fields.js';
export { newRequestId, requestIdOf } from './request-id.js';
