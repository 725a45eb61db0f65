import 'reflect-metadata';
import { expect, it } from 'vitest';
import { ApiOperation, documentLater, swaggerWithDocumentation } from './documentation-decorators.js';

const summaryOf = (handler: object): unknown =>
  (Reflect.getMetadata('swagger/apiOperation', handler) as { summary?: string } | undefined)?.summary;

it('takes a decorator down when a document is made, and not before', async () => {
  class Controller {
    @ApiOperation({ summary: 'Reads' })
    read(): void {}
  }
  const { read } = Controller.prototype;
  expect(summaryOf(read)).toBeUndefined();
  await swaggerWithDocumentation();
  expect(summaryOf(read)).toBe('Reads');
});

it('makes no document that lacks what comes after a decorator that is refused, however often it is asked for', async () => {
  const refused = () => {
    throw new TypeError('refused');
  };
  class Controller {
    @documentLater(refused)
    write(): void {}

    @ApiOperation({ summary: 'Reads' })
    read(): void {}
  }
  await expect(swaggerWithDocumentation()).rejects.toThrow('refused');
  await expect(swaggerWithDocumentation()).rejects.toThrow('refused');
  expect(summaryOf(Controller.prototype.read)).toBeUndefined();
});
