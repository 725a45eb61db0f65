const TAG = String.raw`(?:W\/)?"[\x21\x23-\x7e\x80-\xff]*"`;
const LIST = new RegExp(String.raw`^[ \t,]*${TAG}(?:[ \t]*,[ \t,]*${TAG})*[ \t,]*$`);
const EACH = new RegExp(TAG, 'g');
const WEAK = /^W\//;

/**
 * What If-Match or If-None-Match names (RFC 9110 section 13.1): each entity tag as it was sent, or `any` for `*`;
 * undefined when it is neither.
 */
export function entityTagsIn(value: string): readonly string[] | 'any' | undefined {
  if (value.trim() === '*') return 'any';
  return LIST.test(value) ? value.match(EACH)! : undefined;
}

/** Whether If-None-Match names this tag, by the weak comparison of RFC 9110 section 8.8.3.2. What is malformed names none. */
export function namesTag(value: string, tag: string): boolean {
  const named = entityTagsIn(value) ?? [];
  return named === 'any' || named.some((one) => one.replace(WEAK, '') === tag.replace(WEAK, ''));
}
