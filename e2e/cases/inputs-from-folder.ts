import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Chain, Inputs } from './inputs.js';

/** The inputs of a folder with one folder for each group, named after its number. */
export function inputsFromFolder(folder: string): Inputs {
  const group = (number: string): string => {
    const found = readdirSync(folder).find((name) => name.startsWith(`${number}-`));
    if (found === undefined) throw new Error(`${folder} has no folder ${number}-…`);
    return join(folder, found);
  };
  const text = (number: string, file: string): string => readFileSync(join(group(number), file), 'utf8');
  const named = (number: string, ending: string): [name: string, text: string][] =>
    readdirSync(group(number))
      .filter((file) => file.endsWith(ending))
      .map((file) => [file.slice(0, -ending.length), text(number, file)]);
  const keySets = (number: string): Record<string, object> =>
    Object.fromEntries(named(number, '.json').map(([name, json]) => [name, JSON.parse(json) as object]));
  const chains = (number: string): Record<string, Chain> =>
    Object.fromEntries(
      named(number, '.anchor.pem').map(([name, anchor]) => [
        name,
        { anchor, chain: text(number, `${name}.chain.pem`) },
      ]),
    );
  const list = (ca: string, leaf: string, crl: string) => ({
    anchor: text('07', ca),
    chain: text('07', leaf),
    list: text('07', crl),
  });
  return {
    keySets: keySets('01'),
    selfSignedKeySets: keySets('10'),
    absentForms: chains('04'),
    policies: chains('05'),
    lists: {
      revoking: list('ca.pem', 'leaf.pem', 'list-revokes-leaf.crl.pem'),
      good: list('ca2.pem', 'leaf2.pem', 'list-good.crl.pem'),
    },
    unreadable: Object.fromEntries(named('12', '.pem')),
    subjectDn: text('12', 'dn.txt').trim(),
  };
}
