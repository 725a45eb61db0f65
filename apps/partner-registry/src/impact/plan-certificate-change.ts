import { Injectable } from '@nestjs/common';
import { RevokeCertificate } from '../certificates/revoke-certificate.js';
import { SupersedeCertificate } from '../certificates/supersede-certificate.js';
import { AFFECTED } from './affected-clients.js';
import { TO_BE_JUDGED } from './certain-effect.js';
import type { CertificateImpactQuery } from './impact.schema.js';
import type { PlannedChange } from './planned-change.js';

const REASON = 'what would break';

@Injectable()
export class PlanCertificateChange {
  constructor(
    private readonly supersession: SupersedeCertificate,
    private readonly revocation: RevokeCertificate,
  ) {}

  plan(id: string, change: CertificateImpactQuery['change']): PlannedChange {
    if (change === 'supersede') {
      return {
        id,
        affected: AFFECTED.ofCertificate,
        effect: TO_BE_JUDGED,
        carryOut: (context) => this.supersession.supersede(id, { reason: REASON }, context),
      };
    }
    // A compromised key takes every certificate of that key along.
    const compromised = change === 'revoke:key_compromise';
    const reason = compromised ? 'key_compromise' : 'unspecified';
    return {
      id,
      affected: compromised ? AFFECTED.ofKey : AFFECTED.ofCertificate,
      effect: TO_BE_JUDGED,
      carryOut: (context) => this.revocation.revoke(id, reason, context),
    };
  }
}
