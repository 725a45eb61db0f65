/** RFC 5280 4.1.2.5: dates have no fractions of a second. */
export function wholeSeconds(date: Date): Date {
  return new Date(Math.floor(date.getTime() / 1000) * 1000);
}
