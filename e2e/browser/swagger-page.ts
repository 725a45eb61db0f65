import { execFileSync } from 'node:child_process';
import type { Page } from 'playwright-core';

/** Swagger UI as somebody uses it who reads the page from the top. */
export class SwaggerPage {
  /** what the browser complained about; empty on a page that is right */
  readonly complaints: string[] = [];

  private constructor(private readonly page: Page) {
    page.on('pageerror', (error) => this.complaints.push(error.message));
    page.on('console', (message) => message.type() === 'error' && this.complaints.push(message.text()));
  }

  static async open(page: Page, url: string): Promise<SwaggerPage> {
    const opened = new SwaggerPage(page);
    await page.goto(url);
    await page.locator('.opblock').first().waitFor();
    return opened;
  }

  title(): Promise<string> {
    return this.page.locator('.info .title').innerText();
  }

  introduction(): Promise<string> {
    return this.page.locator('.info .description').innerText();
  }

  /** Runs the first command the page prints, as printed, where `.local` is. */
  async runPrintedCommand(folder: string): Promise<Record<string, unknown>> {
    const command = await this.page.locator('.info .description pre').first().innerText();
    const answer = execFileSync('bash', ['-euc', command], { cwd: folder, stdio: ['ignore', 'pipe', 'ignore'] });
    return JSON.parse(answer.toString()) as Record<string, unknown>;
  }

  async authorize(token: string): Promise<void> {
    await this.page.locator('.auth-wrapper .authorize').first().click();
    const dialog = this.page.locator('.dialog-ux');
    await dialog.locator('input[type="text"]').first().fill(token);
    await dialog.locator('button.authorize').first().click();
    await dialog.locator('button.btn-done').click();
  }

  /** Opens an operation, fills in what is given, executes it, and gives the status the page shows. */
  async tryOut(
    method: string,
    path: string,
    fields: Record<string, string> = {},
  ): Promise<{ status: string; body: string }> {
    const operation = this.page
      .locator(`.opblock-${method}`)
      .filter({ has: this.page.locator(`[data-path="${path}"]`) });
    if ((await operation.locator('.opblock-body').count()) === 0) await operation.locator('.opblock-summary').click();
    for (const [name, value] of Object.entries(fields)) {
      await operation
        .locator(`tr[data-property-name="${name}"] input, tr[data-param-name="${name}"] input`)
        .first()
        .fill(value);
    }
    const answered = this.page.waitForResponse((response) => response.request().method() === method.toUpperCase());
    await operation.locator('button.execute').click();
    await answered;
    const live = operation.locator('.live-responses-table .response').first();
    await live.locator('.response-col_description pre').first().waitFor();
    return { status: (await live.locator('.response-col_status').innerText()).trim(), body: await live.innerText() };
  }

  async screenshot(path: string): Promise<void> {
    await this.page.screenshot({ path, fullPage: true });
  }
}
