import type { Answer } from '../stack/admin/https-client.js';
import type { Operator } from '../stack/admin/operator.js';

/** A list of the admin API with something in the place of its path's parameter. */
export interface ListOperation {
  /** as documented, `/v1/clients/{id}/certificates` */
  path: string;
  address: string;
}

export interface PageTimes {
  list: ListOperation;
  /** medians, in milliseconds */
  first: number;
  thousandth: number;
}

const LIMIT = 10;
const STEP = 200;
const ROWS_BEFORE = 999 * LIMIT;

/** Where page 1,000 begins: the query that asks for it. Walks there in larger steps; a cursor says only after which row. */
export async function queryOfPageThousand(list: ListOperation, operator: Operator): Promise<string> {
  // the feed of changes is numbered, and asked for by number
  if (list.path === '/v1/changes') return `limit=${LIMIT}&after=${ROWS_BEFORE}`;
  let cursor = '';
  for (let left = ROWS_BEFORE; left > 0; left -= STEP) {
    const query = `limit=${Math.min(left, STEP)}${cursor === '' ? '' : `&cursor=${cursor}`}`;
    const { body } = await operator.call(`${list.address}?${query}`, {}, 200);
    cursor = String(body['next_cursor'] ?? '');
    if (cursor === '') throw new Error(`${list.path} has no page 1,000`);
  }
  return `limit=${LIMIT}&cursor=${cursor}`;
}

/** Both pages in turn, so that whatever else the machine does falls on both. */
export async function timePages(list: ListOperation, operator: Operator, rounds: number): Promise<PageTimes> {
  const [first, thousandth] = [`limit=${LIMIT}`, await queryOfPageThousand(list, operator)];
  const times: [number[], number[]] = [[], []];
  for (let round = 0; round < rounds; round++) {
    for (const [which, query] of [first, thousandth].entries()) {
      const began = performance.now();
      const answer = await operator.call(`${list.address}?${query}`, {}, 200);
      times[which]!.push(performance.now() - began);
      assertFull(answer, list);
    }
  }
  return { list, first: median(times[0]), thousandth: median(times[1]) };
}

function assertFull({ body }: Answer, { path }: ListOperation): void {
  const items = body['items'] as unknown[];
  if (items.length !== LIMIT) throw new Error(`a page of ${path} has ${items.length} items`);
}

function median(values: number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}
