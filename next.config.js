/**
 * Next runs inside our own server (server/main.ts), which also answers Socket.IO, OTLP and /api.
 * `output: "standalone"` is not for us: it leaves a custom server out.
 *
 * @type {import("next").NextConfig}
 */
const config = {
  reactStrictMode: true,
  poweredByHeader: false,
  devIndicators: false,
  // The dashboard is opened by either name; Next's development server otherwise refuses the second.
  allowedDevOrigins: ["127.0.0.1", "localhost"],
  // `npm run check` proves the types; a start must not wait for them.
  typescript: { ignoreBuildErrors: true },
};

export default config;
