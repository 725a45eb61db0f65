import ts from 'typescript';

const RUNNERS = new Set(['it', 'test', 'describe']);

/**
 * What the tests of a spec file are called: the text of each title, and where `.each` fills one in, the text it is filled with.
 * Does not check: what is computed, such as the rows of a table that stands in a constant.
 */
export function specTitles(source: string, fileName = 'a.spec.ts'): string[] {
  const file = ts.createSourceFile(fileName, source, ts.ScriptTarget.Latest, true);
  const titles: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && runnerOf(node.expression)) titles.push(...titlesOf(node));
    ts.forEachChild(node, visit);
  };
  visit(file);
  return titles;
}

function titlesOf(call: ts.CallExpression): string[] {
  const [first] = call.arguments;
  // `it.each(table)` itself is called too; its title comes with the outer call
  const title = first && textOf(first);
  if (title === undefined) return [];
  const table = ts.isCallExpression(call.expression) ? call.expression.arguments[0] : undefined;
  return table && /%s|\$/.test(title) ? [title, ...namesIn(table)] : [title];
}

/** `it`, `it.each(…)`, `describe.sequential`, … */
function runnerOf(callee: ts.Expression): boolean {
  if (ts.isIdentifier(callee)) return RUNNERS.has(callee.text);
  if (ts.isPropertyAccessExpression(callee) || ts.isCallExpression(callee)) return runnerOf(callee.expression);
  return false;
}

/** Of a table's rows the names: a row that is text, or the first cell of one that is a list. */
function namesIn(table: ts.Expression): string[] {
  const rows = unwrapped(table);
  if (!ts.isArrayLiteralExpression(rows)) return [];
  return rows.elements.flatMap((row) => {
    const cells = unwrapped(row);
    const name = ts.isArrayLiteralExpression(cells) ? cells.elements[0] : cells;
    return (name && textOf(name)) ?? [];
  });
}

function textOf(node: ts.Expression): string | undefined {
  if (ts.isStringLiteralLike(node)) return node.text;
  if (ts.isTemplateExpression(node)) {
    return [node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)].join('…');
  }
  return undefined;
}

/** Without `as const` and `satisfies`. */
function unwrapped(node: ts.Expression): ts.Expression {
  return ts.isSatisfiesExpression(node) || ts.isAsExpression(node) ? unwrapped(node.expression) : node;
}
