/** Builds the app and its service worker, and serves it while it is being written. */
import { defineConfig } from 'vite';
import { VitePWA } from 'vite-plugin-pwa';

const THEME = '#14120f';
const BROKER = 'http://127.0.0.1:8080';

export default defineConfig({
  build: {
    outDir: 'dist/app',
    target: 'es2022',
    // The content policy lets nothing run that is not a file.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      output: {
        entryFileNames: 'assets/[name]-[hash].js',
        chunkFileNames: 'assets/[name]-[hash].js',
        assetFileNames: 'assets/[name]-[hash][extname]',
      },
    },
  },
  worker: { format: 'es' },
  server: {
    // The pages ask for the broker at their own address; without one running they say so and go on trying.
    proxy: { '/broker': { target: BROKER, ws: true } },
  },
  plugins: [
    VitePWA({
      // A new version waits until the page offers it: never while driving.
      registerType: 'prompt',
      injectRegister: null,
      includeManifestIcons: false,
      manifest: {
        id: '/',
        name: 'Telepresent',
        short_name: 'Telepresent',
        description: 'See through and drive a robot from a browser.',
        lang: 'en',
        start_url: '/',
        scope: '/',
        display: 'standalone',
        orientation: 'any',
        theme_color: THEME,
        background_color: THEME,
        categories: ['utilities'],
        icons: [
          { src: '/icons/icon-192.png', sizes: '192x192', type: 'image/png' },
          { src: '/icons/icon-512.png', sizes: '512x512', type: 'image/png' },
          { src: '/icons/maskable-512.png', sizes: '512x512', type: 'image/png', purpose: 'maskable' },
          { src: '/icons/icon.svg', sizes: 'any', type: 'image/svg+xml' },
        ],
        shortcuts: [
          { name: 'Be a robot', url: '/#robot' },
          { name: 'Pilot', url: '/#pilot' },
        ],
      },
      workbox: {
        globPatterns: ['**/*.{js,css,html,svg,png,hex}'],
        navigateFallback: '/index.html',
        navigateFallbackDenylist: [/^\/broker/, /^\/healthz/],
        maximumFileSizeToCacheInBytes: 1024 * 1024,
        cleanupOutdatedCaches: true,
      },
    }),
  ],
});
