/** ISO 8601 in UTC, without a fraction of a second that is zero. */
export function instantText(date: Date): string {
  return date.toISOString().replace('.000Z', 'Z');
}
