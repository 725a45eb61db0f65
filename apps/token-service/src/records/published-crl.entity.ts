import { ViewColumn, ViewEntity } from 'typeorm';

/** A row of `registry.published_crl`, the contract the partner registry publishes. Read only. */
@ViewEntity({ schema: 'registry', name: 'published_crl', synchronize: false })
export class PublishedCrl {
  /** Of the DER, lower-case hex. */
  @ViewColumn({ name: 'sha256' }) sha256: string;
  @ViewColumn({ name: 'der' }) der: Buffer;
}
