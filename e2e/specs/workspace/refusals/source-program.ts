import { dirname, join } from 'node:path';
import ts from 'typescript';
import { workspaceRoot } from '../../../stack/workspace-root.js';

/** The sources of an app, with types, so that a call leads to what is called. */
export function sourceProgram(app: string): ts.Program {
  const file = join(workspaceRoot(), 'apps', app, 'tsconfig.build.json');
  const { config } = ts.readConfigFile(file, (path) => ts.sys.readFile(path)) as { config: unknown };
  const { fileNames, options } = ts.parseJsonConfigFileContent(config, ts.sys, dirname(file));
  return ts.createProgram(fileNames, { ...options, noEmit: true, composite: false, incremental: false });
}

/** A route as its controller declares it. */
export interface Route {
  /** `ClientsController.suspendClient` */
  readonly name: string;
  readonly method: ts.MethodDeclaration;
  /** codes that its own and its class's decorators name, those of parameters included */
  readonly documented: ReadonlySet<string>;
}

const VERBS = new Set(['Get', 'Post', 'Put', 'Patch', 'Delete']);

/** Every route of every controller. */
export function routesOf(program: ts.Program): Route[] {
  const checker = program.getTypeChecker();
  return ownSources(program).flatMap((source) =>
    source.statements.filter(ts.isClassDeclaration).flatMap((controller) => {
      if (!calls(controller).some(({ expression }) => expression.getText() === 'Controller')) return [];
      return controller.members
        .filter(ts.isMethodDeclaration)
        .filter((method) => calls(method).some(({ expression }) => VERBS.has(expression.getText())))
        .map((method) => ({
          name: `${controller.name!.text}.${method.name.getText()}`,
          method,
          documented: new Set(
            [controller, method, ...method.parameters].flatMap(decoratorsOf).flatMap((at) => codesNamedBy(at, checker)),
          ),
        }));
    }),
  );
}

function ownSources(program: ts.Program): ts.SourceFile[] {
  return program.getSourceFiles().filter(({ fileName }) => /\/apps\/[^/]+\/src\//.test(fileName));
}

const decoratorsOf = (node: ts.HasDecorators): readonly ts.Decorator[] => ts.getDecorators(node) ?? [];

function calls(node: ts.HasDecorators): ts.CallExpression[] {
  return decoratorsOf(node)
    .map(({ expression }) => expression)
    .filter(ts.isCallExpression);
}

/** Codes in `@ApiRefusals()` or in the `refusals` of an `@Operation()`, or in a decorator of ours that applies one. */
function codesNamedBy(node: ts.Node, checker: ts.TypeChecker, seen = new Set<ts.Node>()): string[] {
  if (seen.has(node)) return [];
  seen.add(node);
  const codes: string[] = [];
  const visit = (part: ts.Node): void => {
    if (ts.isCallExpression(part) && part.expression.getText() === 'ApiRefusals')
      codes.push(...part.arguments.flatMap(textsIn));
    if (ts.isPropertyAssignment(part) && part.name.getText() === 'refusals') codes.push(...textsIn(part.initializer));
    if (ts.isIdentifier(part)) {
      for (const found of declarationsOf(part, checker)) codes.push(...codesNamedBy(found, checker, seen));
    }
    ts.forEachChild(part, visit);
  };
  visit(node);
  return codes;
}

function textsIn(node: ts.Node): string[] {
  if (ts.isStringLiteralLike(node)) return [node.text];
  const texts: string[] = [];
  ts.forEachChild(node, (part) => void texts.push(...textsIn(part)));
  return texts;
}

function declarationsOf(identifier: ts.Identifier, checker: ts.TypeChecker): ts.Declaration[] {
  const symbol = checker.getSymbolAtLocation(identifier);
  const target = symbol && symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  return (target?.declarations ?? []).filter(
    (declaration) =>
      (ts.isVariableDeclaration(declaration) || ts.isFunctionDeclaration(declaration)) &&
      /\/apps\/[^/]+\/src\//.test(declaration.getSourceFile().fileName),
  );
}
