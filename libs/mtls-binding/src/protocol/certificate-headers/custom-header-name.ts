/**
 * A field name of the operator's choice.
 * @throws TypeError when it is none, or has an underscore: proxies and servers disagree about those
 */
export function customHeaderName(decoder: string, name: string): string {
  if (typeof name !== 'string' || !/^[A-Za-z][A-Za-z0-9-]{0,63}$/.test(name)) {
    throw new TypeError(`${decoder}() needs name: the header your proxy sets, such as 'X-SSL-Client-Cert'`);
  }
  return name;
}
