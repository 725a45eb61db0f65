import { Body, Controller, Get, Header, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@partner-ecosystem/platform/openapi';
import { OnListener } from '@partner-ecosystem/platform/serve';
import { Operation } from '../http/operation.decorator.js';
import { pageExamples } from '../http/examples.js';
import { reasonExamples, reasonInput, type ReasonInput } from '../http/fields.schema.js';
import { filtersOf } from '../http/filters.js';
import { pageRequest, type Page } from '../http/page.js';
import { PEM } from '../http/request-bodies.js';
import { IdentifierPipe } from '../identifiers/identifier.pipe.js';
import type { MutationContext } from '../mutations/words/mutation-context.js';
import { VersionedMutation } from '../mutations/mutation.decorator.js';
import { ActivateCertificate } from './activate-certificate.js';
import {
  activationExamples,
  certificateExamples,
  ownedCertificateExamples,
  revocationExamples,
  supersededCertificateExamples,
  supersessionExamples,
} from './certificate.examples.js';
import {
  activation,
  certificateQuery,
  ownedCertificatePageOutput,
  revocation,
  shownCertificateOutput,
  supersededCertificateOutput,
  supersession,
  type Activation,
  type CertificateQuery,
  type Revocation,
  type Supersession,
} from './certificate.schema.js';
import type { OwnedCertificate } from './name-owners.js';
import { ReadCertificates } from './read-certificates.js';
import { RevokeCertificate } from './revoke-certificate.js';
import type { ShownCertificate } from './show-certificates.js';
import { SupersedeCertificate, type SupersededCertificate } from './supersede-certificate.js';
import { WithdrawDates } from './withdraw-dates.js';

const CertificateId = () => Param('id', new IdentifierPipe('crt'));

@ApiTags('certificates')
@Controller('v1/certificates')
@OnListener('mtls')
export class CertificatesController {
  constructor(
    private readonly activations: ActivateCertificate,
    private readonly supersessions: SupersedeCertificate,
    private readonly withdrawals: WithdrawDates,
    private readonly revocations: RevokeCertificate,
    private readonly certificates: ReadCertificates,
  ) {}

  @Get()
  @Operation({
    summary: 'List certificates',
    scope: 'registry:certificates:read',
    answer: {
      schema: ownedCertificatePageOutput,
      description:
        'A page of certificates, oldest first; with `expires_before` or `expires_within_days` the first to expire comes first.',
      examples: pageExamples(ownedCertificateExamples),
    },
  })
  listAllCertificates(@Query({ schema: certificateQuery }) query: CertificateQuery): Promise<Page<OwnedCertificate>> {
    return this.certificates.page(pageRequest(query), filtersOf(query));
  }

  @Get(':id')
  @Operation({
    summary: 'Read a certificate',
    scope: 'registry:certificates:read',
    answer: { schema: shownCertificateOutput, description: 'The certificate.', examples: certificateExamples },
    refusals: ['not_found'],
  })
  getCertificate(@CertificateId() id: string): Promise<ShownCertificate> {
    return this.certificates.one(id);
  }

  @Get(':id.pem')
  @Header('content-type', PEM)
  @Operation({
    summary: 'Download a certificate',
    scope: 'registry:certificates:read',
    text: { type: PEM, description: 'PEM: the leaf, then the intermediates that came with it.' },
    refusals: ['not_found'],
  })
  getCertificatePem(@CertificateId() id: string): Promise<string> {
    return this.certificates.pemOf(id);
  }

  @Post(':id/activate')
  @Operation({
    summary: 'Activate a certificate',
    scope: 'registry:certificates:write',
    body: { schema: activation, examples: activationExamples },
    answer: {
      schema: shownCertificateOutput,
      description: 'The certificate, judged anew: active, or pending until the date. A later call moves the date.',
      examples: certificateExamples,
    },
    mayRevoke: true,
    refusals: [
      'not_found',
      'invalid_transition',
      'too_many_certificates',
      'certificate_known',
      'certificates_unused',
      'client_retired',
      'identity_taken',
      'last_operator',
      'registry_client_needed',
      'certificate_refused',
      'date_impossible',
      'scope_not_held',
    ],
  })
  activateCertificate(
    @CertificateId() id: string,
    @Body({ schema: activation }) body: Activation,
    @VersionedMutation() mutation: MutationContext,
  ): Promise<ShownCertificate> {
    return this.activations.activate(id, body, mutation);
  }

  @Post(':id/supersede')
  @Operation({
    summary: 'Supersede a certificate',
    description: 'Can be undone by activating it again. Warns when its successor was never seen by the token service.',
    scope: 'registry:certificates:write',
    body: { schema: supersession, examples: supersessionExamples },
    answer: {
      schema: supersededCertificateOutput,
      description:
        'The certificate, superseded: neither it nor the tokens bound to it are accepted any more. With a date it stays active until then, and its tokens never live longer. A later call moves the date.',
      examples: supersededCertificateExamples,
    },
    mayRevoke: true,
    refusals: [
      'not_found',
      'invalid_transition',
      'certificates_unused',
      'too_many_certificates',
      'last_operator',
      'registry_client_needed',
      'date_impossible',
    ],
  })
  supersedeCertificate(
    @CertificateId() id: string,
    @Body({ schema: supersession }) body: Supersession,
    @VersionedMutation() mutation: MutationContext,
  ): Promise<SupersededCertificate> {
    return this.supersessions.supersede(id, body, mutation);
  }

  @Post(':id/withdraw-dates')
  @Operation({
    summary: 'Withdraw the dates of a certificate',
    description: 'Before they come: a date that has come is in force.',
    scope: 'registry:certificates:write',
    body: { schema: reasonInput, examples: reasonExamples('The partner needs another week') },
    answer: {
      schema: shownCertificateOutput,
      description: 'The certificate without dates: a pending one stays pending, an active one stays active.',
      examples: certificateExamples,
    },
    refusals: [
      'not_found',
      'invalid_transition',
      'too_many_certificates',
      'client_retired',
      'last_operator',
      'registry_client_needed',
      'scope_not_held',
    ],
  })
  withdrawCertificateDates(
    @CertificateId() id: string,
    @Body({ schema: reasonInput }) { reason }: ReasonInput,
    @VersionedMutation() mutation: MutationContext,
  ): Promise<ShownCertificate> {
    return this.withdrawals.withdraw(id, reason, mutation);
  }

  @Post(':id/revoke')
  @Operation({
    summary: 'Revoke a certificate',
    description: 'Cannot be undone.',
    scope: 'registry:certificates:write',
    body: { schema: revocation, examples: revocationExamples },
    answer: {
      schema: shownCertificateOutput,
      description:
        'The certificate, revoked for ever. With key_compromise every certificate of the same key is revoked too.',
      examples: certificateExamples,
    },
    mayRevoke: true,
    refusals: ['not_found', 'invalid_transition', 'last_operator', 'registry_client_needed'],
  })
  revokeCertificate(
    @CertificateId() id: string,
    @Body({ schema: revocation }) { reason }: Revocation,
    @VersionedMutation() mutation: MutationContext,
  ): Promise<ShownCertificate> {
    return this.revocations.revoke(id, reason, mutation);
  }
}
