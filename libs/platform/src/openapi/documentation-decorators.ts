type Swagger = typeof import('@nestjs/swagger');
type Documents = MethodDecorator & ClassDecorator;
type Target = [target: object, key?: string | symbol, descriptor?: PropertyDescriptor];

const noted: ((swagger: Swagger) => void)[] = [];

/**
 * A decorator of @nestjs/swagger that takes effect when a document is made. Loading that package is a quarter of what an
 * app does until it serves, and most processes never make a document.
 * Does not check: what @nestjs/swagger refuses is refused then.
 */
export function documentLater(decorator: (swagger: Swagger) => MethodDecorator): Documents {
  return (...target: Target) => {
    noted.push((swagger) => (decorator(swagger) as (...target: Target) => void)(...target));
  };
}

/**
 * @nestjs/swagger, with everything noted so far taken down, in the order in which it was declared.
 * @throws what @nestjs/swagger throws for one of them, and again the next time: no document is made that lacks the rest
 */
export async function swaggerWithDocumentation(): Promise<Swagger> {
  const swagger = await import('@nestjs/swagger');
  for (let [take] = noted; take; [take] = noted) {
    take(swagger);
    noted.shift();
  }
  return swagger;
}

type DecoratorName =
  | 'ApiBody'
  | 'ApiConsumes'
  | 'ApiExcludeEndpoint'
  | 'ApiHeader'
  | 'ApiNoContentResponse'
  | 'ApiOkResponse'
  | 'ApiOperation'
  | 'ApiParam'
  | 'ApiQuery'
  | 'ApiResponse'
  | 'ApiTags';

function later<Name extends DecoratorName>(name: Name): (...about: Parameters<Swagger[Name]>) => Documents {
  return (...about) =>
    documentLater((swagger) => (swagger[name] as (...about: Parameters<Swagger[Name]>) => MethodDecorator)(...about));
}

export const ApiBody = later('ApiBody');
export const ApiConsumes = later('ApiConsumes');
export const ApiExcludeEndpoint = later('ApiExcludeEndpoint');
export const ApiHeader = later('ApiHeader');
export const ApiNoContentResponse = later('ApiNoContentResponse');
export const ApiOkResponse = later('ApiOkResponse');
export const ApiOperation = later('ApiOperation');
export const ApiParam = later('ApiParam');
export const ApiQuery = later('ApiQuery');
export const ApiResponse = later('ApiResponse');
export const ApiTags = later('ApiTags');
