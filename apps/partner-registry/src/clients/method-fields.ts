import type { FieldFault } from '@partner-ecosystem/platform/problem';
import { RegistryError } from '../problems/registry-error.js';
import { SUBJECT_FIELDS, type SubjectFields } from '../subject-values/subject-value.js';
import type { Client } from '../records/client.entity.js';

export type MethodFields = SubjectFields & Pick<Client, 'status' | 'token_endpoint_auth_method' | 'jwks' | 'jwks_uri'>;

/**
 * A client has exactly the fields that its method needs: one subject value (a draft may wait for its first certificate
 * to bring it), or one place where its keys are. The table holds the same rule. // A3
 * @throws RegistryError `fields_of_method`
 */
export function assertFieldsOfMethod(client: MethodFields): void {
  const faults = client.token_endpoint_auth_method === 'tls_client_auth' ? subjectFaults(client) : keyFaults(client);
  if (faults.length === 0) return;
  const errors: FieldFault[] = faults.map(([field, detail]) => ({
    pointer: `/${field}`,
    code: 'fields_of_method',
    detail,
  }));
  const detail = `The fields are not those of ${client.token_endpoint_auth_method}.`;
  throw new RegistryError('fields_of_method', { detail, errors });
}

type Fault = [field: string, detail: string];

function subjectFaults(client: MethodFields): Fault[] {
  const keys = (['jwks', 'jwks_uri'] as const).filter((field) => client[field] !== null);
  const given = SUBJECT_FIELDS.filter((field) => client[field] !== null);
  const missing: Fault[] =
    given.length === 0 && client.status !== 'draft'
      ? [['tls_client_auth_subject_dn', 'one subject value is needed']]
      : [];
  return [
    ...keys.map((field): Fault => [field, 'belongs to another method']),
    ...given.slice(1).map((field): Fault => [field, `is a second subject value, besides ${given[0]}`]),
    ...missing,
  ];
}

function keyFaults(client: MethodFields): Fault[] {
  const subjects = SUBJECT_FIELDS.filter((field) => client[field] !== null);
  const places = (['jwks', 'jwks_uri'] as const).filter((field) => client[field] !== null);
  return [
    ...subjects.map((field): Fault => [field, 'belongs to tls_client_auth']),
    ...(places.length === 0 ? [['jwks', 'jwks or jwks_uri is needed'] satisfies Fault] : []),
    ...(places.length === 2 ? [['jwks_uri', 'is a second place for keys, besides jwks'] satisfies Fault] : []),
  ];
}
