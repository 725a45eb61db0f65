import type { WriteStream } from 'node:tty';

const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const FRAME_MS = 120;

/** One line that says what is being waited for; without a terminal, one line per step. */
export class Progress {
  private text = '';
  private frame = 0;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly out: Pick<WriteStream, 'write' | 'isTTY'>) {}

  step(text: string): void {
    this.text = text;
    if (!this.out.isTTY) {
      this.out.write(`  … ${text}\n`);
      return;
    }
    this.draw();
    this.timer ??= setInterval(() => this.draw(), FRAME_MS);
  }

  done(): void {
    clearInterval(this.timer);
    this.timer = undefined;
    if (this.out.isTTY) this.out.write('\r\u001b[K');
  }

  private draw(): void {
    this.frame = (this.frame + 1) % FRAMES.length;
    this.out.write(`\r\u001b[K  ${FRAMES[this.frame]} ${this.text}`);
  }
}
