/** RFC 5280 4.2.1.12 */
export const CLIENT_AUTH = '1.3.6.1.5.5.7.3.2';

const NAMES: Readonly<Record<string, string>> = {
  '1.3.6.1.5.5.7.3.1': 'serverAuth',
  [CLIENT_AUTH]: 'clientAuth',
  '1.3.6.1.5.5.7.3.3': 'codeSigning',
  '1.3.6.1.5.5.7.3.4': 'emailProtection',
  '2.5.29.37.0': 'anyExtendedKeyUsage',
};

/** Extended key usages by name, or by OID where there is none here. */
export function purposesText(purposes: readonly string[]): string {
  return purposes.map((purpose) => NAMES[purpose] ?? purpose).join(', ');
}
