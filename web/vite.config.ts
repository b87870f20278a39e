import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

const api = process.env.FAIRWARD_API ?? 'http://127.0.0.1:8080';

const proxy = Object.fromEntries(['/api', '/openapi.json', '/docs/plain', '/problems'].map((path) => [path, api]));

export default defineConfig({
  plugins: [react()],
  server: { port: 5173, proxy },
  preview: { port: 4173, proxy },
  build: {
    manifest: 'manifest.json',
    target: 'es2022',
    sourcemap: false,
    modulePreload: { polyfill: false },
    // Only fonts stay files of their own; a data: font would need a looser CSP.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 600,
    // What every page needs comes in two files, not in a dozen that wait for each other.
    rollupOptions: {
      output: {
        advancedChunks: {
          groups: [
            { name: 'vendor', test: /node_modules\/(react|react-dom|scheduler|@tanstack)\// },
            {
              name: 'common',
              test: /src\/(api\/(client|live)|app\/(i18n|messages|session|passes|scheme|shell|shortcuts|time)|ui\/(button|fields|links|notice|page|states))\b|src\/i18n\/en\.json|src\/features\/doctor\/doctor_parts/,
            },
          ],
        },
      },
    },
  },
  test: {
    environment: 'happy-dom',
    include: ['src/**/*.test.{ts,tsx}', 'dev/*.test.ts'],
    setupFiles: ['src/app/test_setup.ts'],
    css: false,
  },
});
