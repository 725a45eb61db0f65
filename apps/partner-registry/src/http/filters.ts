import type { PageQuery } from './page.js';

/** The named filters of a list's query: what is left of it without the page. Only those that were asked for are members. */
export function filtersOf<Query extends PageQuery>(query: Query): Omit<Query, keyof PageQuery> {
  const filters = Object.entries(query).filter(([name]) => name !== 'limit' && name !== 'cursor');
  return Object.fromEntries(filters) as Omit<Query, keyof PageQuery>;
}
