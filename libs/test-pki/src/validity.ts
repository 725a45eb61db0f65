const HOUR = 3_600_000;
const DAY = 24 * HOUR;

export interface Validity {
  notBefore: Date;
  notAfter: Date;
}

/** Begins an hour ago, so that machines whose clocks differ a little agree. */
export function leafValidity(given: Partial<Validity>): Validity {
  return validityOf(given, 30 * DAY);
}

export function authorityValidity(given: Partial<Validity>): Validity {
  return validityOf(given, 365 * DAY);
}

function validityOf(given: Partial<Validity>, length: number): Validity {
  const now = Date.now();
  return { notBefore: given.notBefore ?? new Date(now - HOUR), notAfter: given.notAfter ?? new Date(now + length) };
}
