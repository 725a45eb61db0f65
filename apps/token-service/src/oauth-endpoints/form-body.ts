import { parse } from 'node:querystring';

/**
 * The parameters of an `application/x-www-form-urlencoded` body by name; a repeated one becomes an array, so that
 * whoever reads it can refuse it. // A30
 */
export function formBody(text: string): Record<string, string | string[] | undefined> {
  return parse(text, '&', '=', { maxKeys: 0 }); // by default the 1,001st would be left out
}
