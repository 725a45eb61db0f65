import { RegistryError } from '../problems/registry-error.js';
import type { Certificate } from '../records/certificate.entity.js';

type Dated = Pick<Certificate, 'status' | 'not_before' | 'not_after' | 'activate_at' | 'retire_at'>;

/**
 * A certificate is activated at a date to come, within its validity and before it is retired.
 * @param field of the request that has the date
 * @throws RegistryError `date_impossible`
 */
export function assertMayActivateAt(certificate: Omit<Dated, 'status'>, at: Date, now: Date, field: string): void {
  assertWithin(certificate, at, now, field);
  const { retire_at: end } = certificate;
  if (end && at >= end) throw impossible(field, `The certificate is to be retired at ${end.toISOString()} already.`);
}

/**
 * A certificate is retired at a date to come, within its validity and after it was activated.
 * @throws RegistryError `date_impossible`
 */
export function assertMayRetireAt(certificate: Dated, at: Date, now: Date, field: string): void {
  assertWithin(certificate, at, now, field);
  const { status, activate_at: begin } = certificate;
  if (status === 'active') return;
  if (!begin)
    throw impossible(field, 'The certificate is pending and has no date to be activated at: give it one first.');
  if (at <= begin) throw impossible(field, `The certificate is to be activated at ${begin.toISOString()} only.`);
}

/**
 * A date that has come is in force, whether a job has written so by now or not: it is neither moved nor withdrawn.
 * @throws RegistryError `invalid_transition`
 */
export function assertDateAhead({ status, activate_at, retire_at }: Dated, now: Date): void {
  const [date, become] = status === 'pending' ? [activate_at, 'active'] : [retire_at, 'superseded'];
  if (!date || date > now) return;
  throw new RegistryError('invalid_transition', {
    detail: `Its date was ${date.toISOString()}: the certificate counts as ${become} since then.`,
  });
}

function assertWithin({ not_before, not_after }: Omit<Dated, 'status'>, at: Date, now: Date, field: string): void {
  if (at <= now) throw impossible(field, 'The date has passed. Leave it out to do it now.');
  if (at < not_before) throw impossible(field, `The certificate is valid from ${not_before.toISOString()}.`);
  if (at >= not_after) throw impossible(field, `The certificate is valid until ${not_after.toISOString()} only.`);
}

function impossible(field: string, detail: string): RegistryError {
  return RegistryError.ofField('date_impossible', `/${field}`, detail);
}
