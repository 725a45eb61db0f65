export const expirySummaryExamples = {
  production: {
    summary: 'Three certificates end within a week; of one the successor was not seen yet',
    value: {
      items: [
        {
          environment: 'production',
          expired: { certificates: 1, successor_seen: 1 },
          within: [
            { days: 1, certificates: 0, successor_seen: 0 },
            { days: 3, certificates: 1, successor_seen: 1 },
            { days: 7, certificates: 3, successor_seen: 2 },
            { days: 14, certificates: 3, successor_seen: 2 },
            { days: 30, certificates: 9, successor_seen: 2 },
            { days: 60, certificates: 21, successor_seen: 3 },
            { days: 90, certificates: 30, successor_seen: 3 },
          ],
        },
      ],
      complete: true,
    },
  },
};
