import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';

/** The files of Swagger UI that its page needs, and nothing else from its package. */
export const SWAGGER_UI_FILES: Readonly<Record<string, string>> = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'index.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
  'favicon-32x32.png': 'image/png',
};

// The page loads from, and calls, nobody but us, and runs nothing inline: credentials are pasted into it.
export const SWAGGER_UI_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** The content of one of SWAGGER_UI_FILES. */
export function swaggerUiFile(name: string): Promise<Buffer> {
  const require = createRequire(import.meta.url);
  // Swagger UI is a dependency of @nestjs/swagger, not ours: found from there.
  const { resolve } = createRequire(require.resolve('@nestjs/swagger'));
  return readFile(join(resolve('swagger-ui-dist/absolute-path.js'), '..', name));
}

/** The page; it has no inline script, so that the policy can forbid those. */
export function swaggerUiPage(title: string, base: string): string {
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>${escapeHtml(title)}</title>
<link rel="stylesheet" href="${base}/swagger-ui.css">
<link rel="stylesheet" href="${base}/index.css">
<link rel="icon" type="image/png" href="${base}/favicon-32x32.png">
</head>
<body>
<div id="swagger-ui"></div>
<script src="${base}/swagger-ui-bundle.js"></script>
<script src="${base}/initializer.js"></script>
</body>
</html>
`;
}

/** The script that starts Swagger UI on the document. */
export function swaggerUiInitializer(documentUrl: string): string {
  const options = {
    url: documentUrl,
    dom_id: '#swagger-ui',
    deepLinking: true,
    persistAuthorization: true,
    tryItOutEnabled: true,
    displayRequestDuration: true,
    // Its default sends the document's address to a public validator.
    validatorUrl: null,
  };
  return `window.ui = SwaggerUIBundle(${JSON.stringify(options)});\n`;
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
