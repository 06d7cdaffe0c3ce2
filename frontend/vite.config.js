import { readFileSync, readdirSync } from "node:fs";
import { defineConfig } from "vite";

/** Names, versions and licence texts of what the built files contain. */
function thirdPartyLicences() {
  const shipped = Object.keys(JSON.parse(readFileSync("package.json", "utf8")).dependencies).sort();
  return {
    name: "third-party-licences",
    generateBundle() {
      const parts = shipped.map((name) => {
        const folder = `node_modules/${name}`;
        const about = JSON.parse(readFileSync(`${folder}/package.json`, "utf8"));
        if (Object.keys(about.dependencies ?? {}).length > 0) {
          this.error(`${name} ships packages of its own: list their licences too`);
        }
        const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
        if (!file) this.error(`${name} has no licence file`);
        const text = readFileSync(`${folder}/${file}`, "utf8").trim();
        return `${name} ${about.version} (${about.license})\n\n${text}\n`;
      });
      const source = parts.join(`\n${"-".repeat(78)}\n\n`);
      this.emitFile({ type: "asset", fileName: "THIRD_PARTY_LICENSES.txt", source });
    },
  };
}

export default defineConfig({
  base: "./",
  plugins: [thirdPartyLicences()],
  build: {
    outDir: "../src/concours/platform/web/static/web",
    emptyOutDir: true,
    modulePreload: false,
    cssCodeSplit: false,
    target: ["chrome123", "firefox121", "safari17.5"],
    rolldownOptions: {
      // htmx can eval, and is told not to by allowEval in base.html.
      checks: { eval: false },
      input: { app: "src/main.ts", theme: "src/theme.ts" },
      output: {
        entryFileNames: "[name].js",
        chunkFileNames: "[name].js",
        assetFileNames: (asset) =>
          asset.names.some((name) => name.endsWith(".css")) ? "app.css" : "[name][extname]",
      },
    },
  },
});
