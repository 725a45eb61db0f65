import { asDocumented } from '@partner-ecosystem/platform/openapi';
import { z } from 'zod';

/** A page of a list, oldest first. */
export interface Page<T> {
  readonly items: T[];
  /** where the next page starts; null on the last one */
  readonly next_cursor: string | null;
}

/** Where a page starts and how long it is. `after` is the row before its first one. */
export interface PageRequest {
  readonly limit: number;
  readonly after: string | undefined;
}

const DEFAULT_LIMIT = 50;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

const limit = asDocumented(
  z.string().regex(/^(?:[1-9]\d?|1\d\d|200)$/, { error: 'expected a whole number from 1 to 200' }),
  { type: 'integer', minimum: 1, maximum: 200, default: DEFAULT_LIMIT },
)
  .optional()
  .describe('Items per page, 1 to 200; 50 unless told otherwise.');

const cursor = z
  .string()
  .max(100)
  .refine((text) => rowBefore(text) !== undefined, { error: 'expected the cursor of a previous answer, unchanged' })
  .optional()
  .describe('`next_cursor` of the page before.');

/** The query of a list; spread it into a strict object beside the list's own filters. */
export const pageParameters = { limit, cursor };

/** The query of a list without filters. */
export const pageQuery = z.strictObject(pageParameters);

export type PageQuery = z.infer<typeof pageQuery>;

export function pageRequest(query: PageQuery): PageRequest {
  return {
    limit: query.limit === undefined ? DEFAULT_LIMIT : Number(query.limit),
    after: query.cursor === undefined ? undefined : rowBefore(query.cursor),
  };
}

/**
 * The page out of `limit + 1` rows: the one too many only tells that there is a next page.
 * Rows are in the order of their uuidv7 keys, which is the order of their creation.
 */
export function pageOf<T extends { readonly id: string }>(rows: T[], request: PageRequest): Page<T> {
  const items = rows.slice(0, request.limit);
  const last = items.at(-1);
  return { items, next_cursor: rows.length > request.limit && last ? cursorAfter(last.id) : null };
}

export function pageOutput<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item), next_cursor: z.string().nullable() });
}

function cursorAfter(id: string): string {
  return Buffer.from(`1:${id}`).toString('base64url');
}

function rowBefore(cursor: string): string | undefined {
  const [form, id] = Buffer.from(cursor, 'base64url').toString('latin1').split(':');
  return form === '1' && id !== undefined && UUID.test(id) && cursorAfter(id) === cursor ? id : undefined;
}
