import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { filesOfCheckout } from '../checkout/files-of-checkout.js';
import type { RuleId } from '../rules/rule-id.js';
import { workspaceRoot } from '../stack/workspace-root.js';

/** One place of the product made wrong, so that one rule no longer holds. It is found wherever it was moved to. */
export interface Fault {
  rule: RuleId;
  /** what the product does then */
  then: string;
  /**
   * What is broken: a declaration of `apps` or `libs` by its name, `decideGrant` or `JwksController.answer`; where several
   * have the name, behind a folder or file of its path: `token-service: decideGrant`. Another file than TypeScript by its path.
   */
  in: string;
  /** stands in it exactly once, white space aside */
  find: string;
  replace: string;
  /** the smallest spec file with a test that names the rule and turns red */
  spec: string;
}

/** A declaration with where it is in the text of its file. */
interface Declaration {
  name: string;
  from: number;
  to: number;
}

/**
 * What a product file would be with the fault, in a checkout or a copy of it. Throws when the fault no longer fits the code.
 * Does not check: that it compiles.
 */
export function withFault(root: string, fault: Fault): { path: string; sound: string; broken: string } {
  const { rule, in: where, find, replace } = fault;
  const path = where.includes('/') ? where : pathOf(fault);
  const sound = readFileSync(join(root, path), 'utf8');
  const { from, to } = where.includes('/')
    ? { from: 0, to: sound.length }
    : declarationsIn(path, sound).find(({ name }) => name === nameIn(where))!;
  const matches = [...sound.slice(from, to).matchAll(patternOf(find))];
  const [match] = matches;
  if (!match || matches.length > 1) {
    throw new Error(`${rule}: ${JSON.stringify(find)} stands ${matches.length} times in ${where} and not once`);
  }
  const at = from + match.index;
  return { path, sound, broken: sound.slice(0, at) + replace + sound.slice(at + match[0].length) };
}

function patternOf(find: string): RegExp {
  const parts = find.trim().split(/\s+/);
  return new RegExp(parts.map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('\\s+'), 'g');
}

const nameIn = (where: string): string => where.split(': ').at(-1)!;

function pathOf({ rule, in: where }: Fault): string {
  const part = where.includes(': ') ? where.split(': ')[0] : undefined;
  const paths = (pathsByName().get(nameIn(where)) ?? []).filter(
    (path) => part === undefined || path.replace(/\.ts$/, '').split('/').includes(part),
  );
  if (paths.length !== 1) throw new Error(`${rule}: ${paths.length} declarations are called ${where}, and not one`);
  return paths[0]!;
}

let known: Map<string, string[]> | undefined;

/** The files of the product, by what they declare. */
function pathsByName(): Map<string, string[]> {
  if (known) return known;
  known = new Map();
  const paths = filesOfCheckout().filter(
    (path) => /^(apps|libs)\/[^/]+\/src\/.*\.ts$/.test(path) && !/\.(spec|testing)\.ts$/.test(path),
  );
  for (const path of paths) {
    for (const { name } of declarationsIn(path, readFileSync(join(workspaceRoot(), path), 'utf8'))) {
      known.set(name, [...(known.get(name) ?? []), path]);
    }
  }
  return known;
}

function declarationsIn(path: string, text: string): Declaration[] {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const placed = (name: string, node: ts.Node) => ({ name, from: node.getStart(source), to: node.getEnd() });
  return source.statements.flatMap((statement) => {
    if (ts.isVariableStatement(statement)) {
      return statement.declarationList.declarations.map(({ name }) => placed(name.getText(source), statement));
    }
    if (ts.isClassDeclaration(statement) && statement.name) {
      const name = statement.name.text;
      const members = statement.members.map((member) =>
        placed(`${name}.${member.name?.getText(source) ?? 'constructor'}`, member),
      );
      return [placed(name, statement), ...members];
    }
    const isNamed = ts.isFunctionDeclaration(statement) || ts.isInterfaceDeclaration(statement);
    return isNamed && statement.name ? [placed(statement.name.text, statement)] : [];
  });
}
