/** Short names of attribute types: RFC 4519 and the certificate profiles partners use. The first name is the one printed. */
const NAMES: ReadonlyArray<readonly [oid: string, printed: string, ...alsoRead: string[]]> = [
  ['2.5.4.3', 'CN', 'commonName'],
  ['2.5.4.4', 'SN', 'surname'],
  ['2.5.4.5', 'serialNumber'],
  ['2.5.4.6', 'C', 'countryName'],
  ['2.5.4.7', 'L', 'localityName'],
  ['2.5.4.8', 'ST', 'S', 'stateOrProvinceName'],
  ['2.5.4.9', 'STREET', 'streetAddress'],
  ['2.5.4.10', 'O', 'organizationName'],
  ['2.5.4.11', 'OU', 'organizationalUnitName'],
  ['2.5.4.12', 'title'],
  ['2.5.4.13', 'description'],
  ['2.5.4.15', 'businessCategory'],
  ['2.5.4.17', 'postalCode'],
  ['2.5.4.41', 'name'],
  ['2.5.4.42', 'givenName', 'GN'],
  ['2.5.4.43', 'initials'],
  ['2.5.4.44', 'generationQualifier'],
  ['2.5.4.46', 'dnQualifier'],
  ['2.5.4.65', 'pseudonym'],
  ['2.5.4.97', 'organizationIdentifier'],
  ['0.9.2342.19200300.100.1.1', 'UID', 'userId'],
  ['0.9.2342.19200300.100.1.25', 'DC', 'domainComponent'],
  ['1.2.840.113549.1.9.1', 'emailAddress', 'E'],
  ['1.3.6.1.4.1.311.60.2.1.1', 'jurisdictionL'],
  ['1.3.6.1.4.1.311.60.2.1.2', 'jurisdictionST'],
  ['1.3.6.1.4.1.311.60.2.1.3', 'jurisdictionC'],
];

const printedByOid = new Map(NAMES.map(([oid, printed]) => [oid, printed]));
const oidByName = new Map(NAMES.flatMap(([oid, ...names]) => names.map((name) => [name.toLowerCase(), oid] as const)));

/** The short name of a dotted OID, or the OID itself. */
export function attributeTypeText(oid: string): string {
  return printedByOid.get(oid) ?? oid;
}

/** The dotted OID of a short name; case does not matter. */
export function attributeTypeOid(name: string): string | undefined {
  return oidByName.get(name.toLowerCase());
}
