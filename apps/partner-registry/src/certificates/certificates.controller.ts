import { Body, Controller, Get, Header, Param, Post, Query } from '@nestjs/common';
import { RequireScope } from '@partner-ecosystem/mtls-binding';
import {
  ApiJson,
  ApiJsonBody,
  ApiOkResponse,
  ApiOperation,
  ApiProblem,
  ApiTags,
} from '@partner-ecosystem/platform/openapi';
import { OnListener } from '@partner-ecosystem/platform/serve';
import { pageExamples } from '../http/examples.js';
import { reasonExamples, reasonInput, type ReasonInput } from '../http/fields.schema.js';
import { filtersOf } from '../http/filters.js';
import { pageRequest, type Page } from '../http/page.js';
import { PEM } from '../http/request-bodies.js';
import { IdentifierPipe } from '../identifiers/identifier.pipe.js';
import { MayRevoke } from '../mutations/may-revoke.decorator.js';
import type { MutationContext } from '../mutations/words/mutation-context.js';
import { Action } from '../mutations/mutation.decorator.js';
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
  @RequireScope('registry:certificates:read')
  @ApiOperation({ summary: 'List certificates', description: 'Scope `registry:certificates:read`' })
  @ApiJson({
    status: 200,
    schema: ownedCertificatePageOutput,
    description:
      'A page of certificates, oldest first; with `expires_before` or `expires_within_days` the first to expire comes first.',
    examples: pageExamples(ownedCertificateExamples),
  })
  @ApiProblem(400, '`invalid_request`')
  listAllCertificates(@Query({ schema: certificateQuery }) query: CertificateQuery): Promise<Page<OwnedCertificate>> {
    return this.certificates.page(pageRequest(query), filtersOf(query));
  }

  @Get(':id')
  @RequireScope('registry:certificates:read')
  @ApiOperation({ summary: 'Read a certificate', description: 'Scope `registry:certificates:read`' })
  @ApiJson({
    status: 200,
    schema: shownCertificateOutput,
    description: 'The certificate.',
    examples: certificateExamples,
  })
  @ApiProblem(404, '`not_found`')
  getCertificate(@CertificateId() id: string): Promise<ShownCertificate> {
    return this.certificates.one(id);
  }

  @Get(':id.pem')
  @RequireScope('registry:certificates:read')
  @Header('content-type', PEM)
  @ApiOperation({ summary: 'Download a certificate', description: 'Scope `registry:certificates:read`' })
  @ApiOkResponse({
    description: 'PEM: the leaf, then the intermediates that came with it.',
    content: { [PEM]: { schema: { type: 'string' } } },
  })
  @ApiProblem(404, '`not_found`')
  getCertificatePem(@CertificateId() id: string): Promise<string> {
    return this.certificates.pemOf(id);
  }

  @Post(':id/activate')
  @RequireScope('registry:certificates:write')
  @ApiOperation({ summary: 'Activate a certificate', description: 'Scope `registry:certificates:write`' })
  @ApiJsonBody({ schema: activation, examples: activationExamples })
  @MayRevoke()
  @ApiJson({
    status: 200,
    schema: shownCertificateOutput,
    description: 'The certificate, judged anew: active, or pending until the date. A later call moves the date.',
    examples: certificateExamples,
  })
  @ApiProblem(400, '`invalid_request`')
  @ApiProblem(404, '`not_found`')
  @ApiProblem(
    409,
    '`invalid_transition`, `too_many_certificates`, `certificate_known`, `certificates_unused`, `client_retired`, `identity_taken`, `last_operator`, `registry_client_needed`',
  )
  @ApiProblem(422, '`certificate_refused`, with every check; `date_impossible`')
  @ApiProblem(403, '`scope_not_held`')
  activateCertificate(
    @CertificateId() id: string,
    @Body({ schema: activation }) body: Activation,
    @Action() mutation: MutationContext,
  ): Promise<ShownCertificate> {
    return this.activations.activate(id, body, mutation);
  }

  @Post(':id/supersede')
  @RequireScope('registry:certificates:write')
  @ApiOperation({
    summary: 'Supersede a certificate',
    description:
      'Scope `registry:certificates:write`. Can be undone by activating it again. Warns when its successor was never seen by the token service.',
  })
  @ApiJsonBody({ schema: supersession, examples: supersessionExamples })
  @MayRevoke()
  @ApiJson({
    status: 200,
    schema: supersededCertificateOutput,
    description:
      'The certificate, superseded: neither it nor the tokens bound to it are accepted any more. With a date it stays active until then, and its tokens never live longer. A later call moves the date.',
    examples: supersededCertificateExamples,
  })
  @ApiProblem(400, '`invalid_request`')
  @ApiProblem(404, '`not_found`')
  @ApiProblem(
    409,
    '`invalid_transition`, `certificates_unused`, `too_many_certificates`, `last_operator`, `registry_client_needed`',
  )
  @ApiProblem(422, '`date_impossible`')
  supersedeCertificate(
    @CertificateId() id: string,
    @Body({ schema: supersession }) body: Supersession,
    @Action() mutation: MutationContext,
  ): Promise<SupersededCertificate> {
    return this.supersessions.supersede(id, body, mutation);
  }

  @Post(':id/withdraw-dates')
  @RequireScope('registry:certificates:write')
  @ApiOperation({
    summary: 'Withdraw the dates of a certificate',
    description: 'Scope `registry:certificates:write`. Before they come: a date that has come is in force.',
  })
  @ApiJsonBody({ schema: reasonInput, examples: reasonExamples('The partner needs another week') })
  @ApiJson({
    status: 200,
    schema: shownCertificateOutput,
    description: 'The certificate without dates: a pending one stays pending, an active one stays active.',
    examples: certificateExamples,
  })
  @ApiProblem(400, '`invalid_request`')
  @ApiProblem(404, '`not_found`')
  @ApiProblem(
    409,
    '`invalid_transition`, `too_many_certificates`, `client_retired`, `last_operator`, `registry_client_needed`',
  )
  @ApiProblem(403, '`scope_not_held`')
  withdrawCertificateDates(
    @CertificateId() id: string,
    @Body({ schema: reasonInput }) { reason }: ReasonInput,
    @Action() mutation: MutationContext,
  ): Promise<ShownCertificate> {
    return this.withdrawals.withdraw(id, reason, mutation);
  }

  @Post(':id/revoke')
  @RequireScope('registry:certificates:write')
  @ApiOperation({
    summary: 'Revoke a certificate',
    description: 'Scope `registry:certificates:write`. Cannot be undone.',
  })
  @ApiJsonBody({ schema: revocation, examples: revocationExamples })
  @MayRevoke()
  @ApiJson({
    status: 200,
    schema: shownCertificateOutput,
    description:
      'The certificate, revoked for ever. With key_compromise every certificate of the same key is revoked too.',
    examples: certificateExamples,
  })
  @ApiProblem(400, '`invalid_request`')
  @ApiProblem(404, '`not_found`')
  @ApiProblem(409, '`invalid_transition`, `last_operator`, `registry_client_needed`')
  revokeCertificate(
    @CertificateId() id: string,
    @Body({ schema: revocation }) { reason }: Revocation,
    @Action() mutation: MutationContext,
  ): Promise<ShownCertificate> {
    return this.revocations.revoke(id, reason, mutation);
  }
}
