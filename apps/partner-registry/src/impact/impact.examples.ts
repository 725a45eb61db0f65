export const impactExamples = {
  retired_anchor: {
    summary: 'One client loses its only anchor, and was used last night',
    value: {
      totals: {
        clients: 1,
        cut_off: 1,
        cut_off_used_last_7_days: 1,
        loses_certificates: 0,
        loses_default_audience: 0,
        none: 0,
        undecided: 0,
      },
      items: [
        {
          client_id: 'cli_0198c2f7d0e47b5a91c26f8e3d1a4b70',
          client_name: 'Acme shipment importer',
          partner_id: 'ptn_0198c2f011117222833301234567890a',
          partner_name: 'Acme',
          environment: 'production',
          status: 'active',
          certificate_policy: 'registered_only',
          effect: 'cut_off',
          lost_certificates: 1,
          usable_certificates: 0,
          usable_trust_anchors: 0,
          default_audience: 'https://shipments.example',
          default_audience_afterwards: 'https://shipments.example',
          grants: [{ audience: 'https://shipments.example', scopes: ['shipments:read', 'shipments:write'] }],
          more_grants: false,
          last_seen_at: '2026-03-05T02:11:40.018Z',
          live_tokens: true,
          tokens: 'refused_if_bound_to_lost',
        },
      ],
      next_cursor: null,
    },
  },
};
