/**
 * The parameters of an `application/x-www-form-urlencoded` body by name; a repeated one becomes an array, so that
 * whoever reads it can refuse it. // A30
 */
export function formBody(text: string): Record<string, string | string[]> {
  const parameters = new Map<string, string | string[]>();
  for (const [name, value] of new URLSearchParams(text)) {
    const earlier = parameters.get(name);
    parameters.set(name, earlier === undefined ? value : [earlier, value].flat());
  }
  return Object.fromEntries(parameters);
}
