import ts from 'typescript';

interface Made {
  readonly codes: string[];
  readonly callees: ts.Node[];
}

/**
 * What a route can be refused with: the codes of every error that is made by its handler, by what that calls, and so on.
 * Decided by reading, not by running: a code counts that stands on a branch which this route never takes.
 */
export class ReachableCodes {
  private readonly checker: ts.TypeChecker;
  private readonly read = new Map<ts.Node, Made>();

  /** @param errorClasses by name: their first argument is the code */
  constructor(
    program: ts.Program,
    private readonly errorClasses: ReadonlySet<string>,
  ) {
    this.checker = program.getTypeChecker();
  }

  of(route: ts.MethodDeclaration): Set<string> {
    const seen = new Set<ts.Node>([route]);
    // what a handler is given comes from its parameters' decorators
    for (const made of seen) this.madeBy(made, made === route).callees.forEach((callee) => seen.add(callee));
    return new Set([...seen].flatMap((made) => this.madeBy(made).codes));
  }

  private madeBy(node: ts.Node, isRoute = false): Made {
    const known = this.read.get(node);
    if (known) return known;
    const made: Made = { codes: [], callees: [] };
    const visit = (part: ts.Node): void => {
      if (ts.isTypeNode(part) || (ts.isDecorator(part) && !(isRoute && ts.isParameter(part.parent)))) return;
      if (ts.isNewExpression(part) || ts.isCallExpression(part)) made.codes.push(...this.codesMadeBy(part));
      if (ts.isIdentifier(part)) made.callees.push(...this.calledBy(part));
      ts.forEachChild(part, visit);
    };
    visit(node);
    this.read.set(node, made);
    return made;
  }

  // `new RegistryError(code, …)`, `RegistryError.ofField(code, …)`; a code that is a parameter is one of its type's
  private codesMadeBy(node: ts.NewExpression | ts.CallExpression): string[] {
    const made = ts.isNewExpression(node) ? node.expression : undefined;
    const named = ts.isPropertyAccessExpression(node.expression) ? node.expression.expression : undefined;
    const name = (made ?? named)?.getText();
    const [code] = node.arguments ?? [];
    if (name === undefined || !this.errorClasses.has(name) || !code) return [];
    const type = this.checker.getTypeAtLocation(code);
    const types = type.isUnion() ? type.types : [type];
    return types.filter((each) => each.isStringLiteral()).map(({ value }) => value);
  }

  // its own methods are told apart by where they are called
  private isOfErrorClass(declaration: ts.Declaration): boolean {
    const { parent } = declaration;
    if (!ts.isMethodDeclaration(declaration) || declaration.parameters.length === 0) return false;
    return ts.isClassDeclaration(parent) && this.errorClasses.has(parent.name?.text ?? '');
  }

  private calledBy(identifier: ts.Identifier): ts.Node[] {
    const symbol = this.checker.getSymbolAtLocation(identifier);
    if (!symbol) return [];
    const target = symbol.flags & ts.SymbolFlags.Alias ? this.checker.getAliasedSymbol(symbol) : symbol;
    return (target.declarations ?? []).filter(
      (declaration) =>
        /\/apps\/[^/]+\/src\//.test(declaration.getSourceFile().fileName) &&
        !this.isOfErrorClass(declaration) &&
        (ts.isMethodDeclaration(declaration) ||
          ts.isFunctionDeclaration(declaration) ||
          (ts.isVariableDeclaration(declaration) &&
            declaration.parent.parent.parent.kind === ts.SyntaxKind.SourceFile &&
            mayRun(declaration.initializer))),
    );
  }
}

// a function, or what a call made of one: `createParamDecorator(…)`
function mayRun(node: ts.Expression | undefined): boolean {
  return node !== undefined && (ts.isArrowFunction(node) || ts.isFunctionExpression(node) || ts.isCallExpression(node));
}
