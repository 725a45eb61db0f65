import { describe, expect, it } from 'vitest';
import { paint } from './paint.js';
import { Story } from './story.js';

function told(tell: (story: Story) => void, colours = false): { text: string; story: Story } {
  let text = '';
  const story = new Story((more) => (text += more), paint(colours));
  tell(story);
  return { text, story };
}

describe('the story', () => {
  it('marks a fact that holds', () => {
    const { text, story } = told((it) => it.fact('refused', [401, 'invalid_client'], [401, 'invalid_client']));
    expect(text).toContain('✓ refused');
    expect(story.deviations).toBe(0);
  });

  it('marks one that does not with what was expected and what was found', () => {
    const { text, story } = told((it) => it.fact('refused', 401, 200));
    expect(text).toMatch(/✗ refused\n\s+expected: 401\n\s+actual: {3}200/);
    expect(story.deviations).toBe(1);
  });

  it('does not end well when it breaks off', () => {
    const { text } = told((it) => {
      it.breaksOff('partner-registry ended by SIGKILL');
      it.summary(3);
    });
    expect(text).toContain('partner-registry ended by SIGKILL');
    expect(text).toContain('✗ 1 not as it should be');
  });

  it('has colours only when asked for', () => {
    const facts = (it: Story) => it.fact('holds', 1, 1);
    expect(told(facts).text).not.toContain('\u001b');
    expect(told(facts, true).text).toContain('\u001b[32m✓');
  });
});
