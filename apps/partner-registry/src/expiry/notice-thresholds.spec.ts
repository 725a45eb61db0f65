import { expect, it } from 'vitest';
import { noticeDue } from './notice-thresholds.js';

const DAY = 86_400_000;
const now = new Date('2026-06-01T12:00:00Z');
const due = (days: number) => noticeDue(new Date(now.getTime() + days * DAY), now);

it.each([
  ['too early', 60.01, undefined],
  ['sixty days before', 60, 60],
  ['between two thresholds: the farther of the two', 59, 60],
  ['thirty days before', 30, 30],
  ['registered with five days left: of all that are due the nearest', 5, 7],
  ['on the last day', 0.5, 1],
  ['over', 0, undefined],
  ['long over', -3, undefined],
])('%s', (_, days, expected) => expect(due(days)).toBe(expected));
