import { readFileSync } from 'node:fs';

type Values = Readonly<Record<string, string>>;

/**
 * For each of `names` that has no value but a variable NAME_FILE: the content of that file, without the newline at its
 * end. So a password or a URL with one in it need not stand in the environment, where whoever may inspect a container
 * reads it. A NAME_FILE that is itself one of `names` stays what it is: a path.
 */
export function valuesFromFiles(
  names: readonly string[],
  given: Values,
): { values: Values; faults: Map<string, string> } {
  const values: Record<string, string> = { ...given };
  const faults = new Map<string, string>();
  for (const name of names) {
    const variable = `${name}_FILE`;
    const path = given[variable];
    if (path === undefined || names.includes(variable)) continue;
    if (given[name] !== undefined) {
      faults.set(name, `${name} and ${variable} are both set: expected one of them`);
      continue;
    }
    const content = contentOf(path);
    if ('text' in content) values[name] = content.text;
    else
      faults.set(name, `${variable} is not valid: expected the path of a text file with a value, but ${content.fault}`);
  }
  return { values, faults };
}

function contentOf(path: string): { text: string } | { fault: string } {
  try {
    const text = readFileSync(path, 'utf8').replace(/\r?\n$/, '');
    return text === '' ? { fault: 'it is empty' } : { text };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return { fault: code === 'ENOENT' ? 'there is no such file' : `it cannot be read (${code})` };
  }
}
