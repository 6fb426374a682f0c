import { defineConfig } from 'vite';

export default defineConfig({
  root: import.meta.dirname,
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    target: 'es2022',
    outDir: 'dist',
    emptyOutDir: true,
    // The server's content policy allows files of our own only: nothing is inlined as a data address, no inline script.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  // For work on the pages: `npx vite web` beside a running `npm start`.
  server: { proxy: { '/v1': process.env['THABIT_URL'] ?? 'http://127.0.0.1:3000' } },
});
