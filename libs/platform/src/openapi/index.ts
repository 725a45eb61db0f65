export { describeApi, type DescribeApiOptions } from './describe-api.js';
export { openApiDocument, type ApiDescription } from './open-api-document.js';
export {
  ApiJson,
  ApiJsonBody,
  Whitelist,
  type ApiJsonOptions,
  type ApiJsonBodyOptions,
  type Examples,
} from './api-json.js';
export { ApiRefusals } from './api-refusals.js';
export {
  ApiBody,
  ApiConsumes,
  ApiExcludeEndpoint,
  ApiHeader,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiQuery,
  ApiResponse,
  ApiTags,
} from './documentation-decorators.js';
export { asDocumented, convertSchema, type ConvertedSchema } from './schema-converter.js';
