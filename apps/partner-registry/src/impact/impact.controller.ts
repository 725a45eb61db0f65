import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@partner-ecosystem/platform/openapi';
import { OnListener } from '@partner-ecosystem/platform/serve';
import { Operation } from '../http/operation.decorator.js';
import { pageRequest } from '../http/page.js';
import { IdentifierPipe } from '../identifiers/identifier.pipe.js';
import { ForeseeImpact, type Impact } from './foresee-impact.js';
import { impactExamples } from './impact.examples.js';
import {
  anchorImpactQuery,
  certificateImpactQuery,
  clientImpactQuery,
  grantImpactQuery,
  impactOutput,
  partnerImpactQuery,
  type AnchorImpactQuery,
  type CertificateImpactQuery,
  type ClientImpactQuery,
  type GrantImpactQuery,
  type PartnerImpactQuery,
} from './impact.schema.js';
import { PlanAnchorChange } from './plan-anchor-change.js';
import { PlanCertificateChange } from './plan-certificate-change.js';
import { PlanClientChange } from './plan-client-change.js';
import { PlanPartnerChange } from './plan-partner-change.js';
import type { Asker } from './rehearse-change.js';
import { WhoAsks } from './who-asks.decorator.js';

const foreseen = (whom: string) =>
  `The change is made for the clients of the page, looked at and undone: ${whom}. ` +
  'What it would be refused with is answered here too, a missing scope aside.';

const answer = {
  schema: impactOutput,
  description: 'How many clients it would concern and how, and a page of them in the order of their registration.',
  examples: impactExamples,
};

/** What would break: asked before a change is made, and by whoever may read. */
@ApiTags('impact')
@Controller('v1')
@OnListener('mtls')
export class ImpactController {
  constructor(
    private readonly impact: ForeseeImpact,
    private readonly anchors: PlanAnchorChange,
    private readonly partners: PlanPartnerChange,
    private readonly clients: PlanClientChange,
    private readonly certificates: PlanCertificateChange,
  ) {}

  @Get('trust-anchors/:id/impact')
  @Operation({
    summary: 'See what changing a trust anchor would break',
    description: foreseen('those that may chain to the anchor and are not retired'),
    scope: ['registry:trust-anchors:read', 'registry:clients:read'],
    answer,
    refusals: ['not_found', 'invalid_transition', 'last_operator', 'registry_client_needed'],
  })
  anchorImpact(
    @Param('id', new IdentifierPipe('anc')) id: string,
    @Query({ schema: anchorImpactQuery }) { change, ...page }: AnchorImpactQuery,
    @WhoAsks() asker: Asker,
  ): Promise<Impact> {
    return this.impact.of(this.anchors.plan(id, change), pageRequest(page), asker);
  }

  @Get('partners/:id/impact')
  @Operation({
    summary: 'See what suspending or offboarding a partner would break',
    description: foreseen('those of the partner that are not retired'),
    scope: ['registry:partners:read', 'registry:clients:read'],
    answer,
    refusals: ['not_found', 'invalid_transition', 'last_operator', 'registry_client_needed'],
  })
  partnerImpact(
    @Param('id', new IdentifierPipe('ptn')) id: string,
    @Query({ schema: partnerImpactQuery }) { change, ...page }: PartnerImpactQuery,
    @WhoAsks() asker: Asker,
  ): Promise<Impact> {
    return this.impact.of(this.partners.plan(id, change), pageRequest(page), asker);
  }

  @Get('clients/:id/impact')
  @Operation({
    summary: 'See what changing a client would break',
    description:
      'The change is made, looked at and undone. What it would be refused with is answered here too, a missing scope aside.',
    scope: 'registry:clients:read',
    answer,
    refusals: [
      'not_found',
      'invalid_transition',
      'client_retired',
      'identity_taken',
      'last_operator',
      'registry_client_needed',
      'identity_incomplete',
      'unknown_audience',
      'environment_mismatch',
    ],
  })
  clientImpact(
    @Param('id', new IdentifierPipe('cli')) id: string,
    @Query({ schema: clientImpactQuery }) query: ClientImpactQuery,
    @WhoAsks() asker: Asker,
  ): Promise<Impact> {
    return this.impact.of(this.clients.plan(id, query), pageRequest(query), asker);
  }

  @Get('certificates/:id/impact')
  @Operation({
    summary: 'See what superseding or revoking a certificate would break',
    description: foreseen('its own, and with `revoke:key_compromise` every other one that uses the key'),
    scope: ['registry:certificates:read', 'registry:clients:read'],
    answer,
    refusals: ['not_found', 'invalid_transition', 'certificates_unused', 'last_operator', 'registry_client_needed'],
  })
  certificateImpact(
    @Param('id', new IdentifierPipe('crt')) id: string,
    @Query({ schema: certificateImpactQuery }) { change, ...page }: CertificateImpactQuery,
    @WhoAsks() asker: Asker,
  ): Promise<Impact> {
    return this.impact.of(this.certificates.plan(id, change), pageRequest(page), asker);
  }

  @Get('grants/:id/impact')
  @Operation({
    summary: 'See what deciding about a grant would break',
    description: foreseen('the one that it is for'),
    scope: ['registry:grants:read', 'registry:clients:read'],
    answer,
    refusals: [
      'not_found',
      'invalid_transition',
      'client_retired',
      'last_operator',
      'registry_client_needed',
      'own_request',
    ],
  })
  grantImpact(
    @Param('id', new IdentifierPipe('grt')) id: string,
    @Query({ schema: grantImpactQuery }) { change, ...page }: GrantImpactQuery,
    @WhoAsks() asker: Asker,
  ): Promise<Impact> {
    return this.impact.of(this.clients.planGrant(id, change), pageRequest(page), asker);
  }
}
