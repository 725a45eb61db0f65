import { showIdentifier } from '../../identifiers/identifier.js';

/** Where an authority's list and certificate are had, as certificates say it (RFC 5280 4.2.1.13, 4.2.2.1). */
export interface PublishedAt {
  readonly list: string;
  readonly certificate: string;
}

export const PUBLICATION_PATH = 'certificate-authorities';

/** @param publicUrl http, without trailing slash */
export function authorityUrls(publicUrl: string, id: string): PublishedAt {
  return at(`${publicUrl}/${PUBLICATION_PATH}/${showIdentifier('cau', id)}`);
}

/** A root is known by its key: it has a name before any database has heard of it. */
export function rootUrls(publicUrl: string, spkiSha256: string): PublishedAt {
  return at(`${publicUrl}/${PUBLICATION_PATH}/roots/${spkiSha256}`);
}

function at(path: string): PublishedAt {
  return { list: `${path}.crl`, certificate: `${path}.crt` };
}
