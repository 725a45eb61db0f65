import { ViewColumn, ViewEntity } from 'typeorm';

/** A row of `registry.public_key_owner`, the contract the partner registry publishes. Read only. */
@ViewEntity({ schema: 'registry', name: 'public_key_owner', synchronize: false })
export class PublicKeyOwner {
  /** Lower-case hex. */
  @ViewColumn({ name: 'spki_sha256' }) spkiSha256: string;
  @ViewColumn({ name: 'partner_id' }) partnerId: string;
  @ViewColumn({ name: 'compromised' }) compromised: boolean;
}
