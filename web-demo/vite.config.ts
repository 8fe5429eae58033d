import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { defineConfig, type Plugin } from "vite";

const root = import.meta.dirname;

/** Gives the service worker the list of everything that the build made, and a version that follows from it. */
function precache(): Plugin {
  return {
    name: "precache",
    apply: "build",
    writeBundle({ dir }) {
      const out = dir ?? resolve(root, "dist");
      const files = readdirSync(out, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && entry.name !== "sw.js")
        .map((entry) => join(entry.parentPath, entry.name))
        .sort();
      const version = createHash("sha256");
      for (const file of files) version.update(file.slice(out.length)).update(readFileSync(file));
      // A page is asked for by its folder.
      const paths = files.map((file) => `.${file.slice(out.length).replace(/\/index\.html$/, "/")}`);
      const worker = join(out, "sw.js");
      const code = readFileSync(worker, "utf8")
        .replace(/["'`]@PRECACHE["'`]/, () => JSON.stringify(paths))
        .replace("@VERSION", version.digest("hex").slice(0, 12));
      writeFileSync(worker, code);
    },
  };
}

export default defineConfig({
  root,
  base: "./",
  plugins: [precache()],
  build: {
    target: "es2022",
    rolldownOptions: {
      input: {
        workers: resolve(root, "index.html"),
        station: resolve(root, "station/index.html"),
        hub: resolve(root, "hub/index.html"),
        sw: resolve(root, "src/sw.ts"),
      },
      output: {
        // The service worker's address must stay the same, and its place says what it looks after.
        entryFileNames: ({ name }) => (name === "sw" ? "sw.js" : "assets/[name]-[hash].js"),
      },
    },
  },
  server: {
    proxy: { "/sync": { target: "http://127.0.0.1:3030", ws: true } },
  },
});
