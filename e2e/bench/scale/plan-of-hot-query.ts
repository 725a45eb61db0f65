import pg from 'pg';

interface Node {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  readonly Plans?: readonly Node[];
}

/** How Postgres finds what a token request must know of a client: each way into a relation, once. */
export async function planOfHotQuery(adminUrl: string, clientId: string): Promise<{ summary: string; text: unknown }> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    const { rows } = await client.query<{ 'QUERY PLAN': [{ Plan: Node; 'Execution Time': number }] }>(
      `EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) SELECT * FROM registry.registered_client WHERE client_id = '${clientId}'`,
    );
    const [{ Plan: plan, 'Execution Time': millis }] = rows[0]!['QUERY PLAN'];
    const scans = scansIn(plan);
    const sequential = scans.filter(({ 'Node Type': type }) => type === 'Seq Scan');
    const ways =
      sequential.length === 0 ? 'no sequential scan' : `sequential: ${sequential.map(relationOf).join(', ')}`;
    return { summary: `${scans.length} relations, ${ways}, ${millis.toFixed(2)} ms`, text: plan };
  } finally {
    await client.end();
  }
}

function scansIn(node: Node): Node[] {
  const own = node['Relation Name'] === undefined ? [] : [node];
  return [...own, ...(node.Plans ?? []).flatMap(scansIn)];
}

function relationOf(node: Node): string {
  return node['Relation Name'] ?? '';
}
