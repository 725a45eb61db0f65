export { describeApi, type DescribeApiOptions } from './describe-api.js';
export { openApiDocument, type ApiDescription } from './open-api-document.js';
export {
  ApiJson,
  ApiJsonBody,
  ApiProblem,
  Whitelist,
  type ApiJsonOptions,
  type ApiJsonBodyOptions,
  type Examples,
} from './api-json.js';
export { convertSchema, type ConvertedSchema } from './schema-converter.js';
