// Builds the bundle that is committed in ../assets, byte for byte the same from the same lockfile.
//
//   node build.mjs            writes ../assets: the bundle, THIRD_PARTY_LICENSES, built.json with hashes
//   node build.mjs DIRECTORY  writes the same files somewhere else, to compare
import { build } from "esbuild";
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";

const here = path.dirname(fileURLToPath(import.meta.url));
const out = path.resolve(process.argv[2] ?? path.join(here, "..", "assets"));

await mkdir(out, { recursive: true });
for (const name of await readdir(out)) {
  await rm(path.join(out, name));
}

const result = await build({
  absWorkingDir: here,
  entryPoints: { code: "src/main.ts" },
  outdir: out,
  entryNames: "[name]-[hash]",
  chunkNames: "[name]-[hash]",
  bundle: true,
  splitting: true,
  format: "esm",
  target: "es2022",
  minify: true,
  legalComments: "none",
  charset: "utf8",
  define: { "process.env.NODE_ENV": '"production"' },
  metafile: true,
  logLevel: "warning",
});

for (const [file, { bytes }] of Object.entries(result.metafile.outputs)) console.log(bytes, path.basename(file));

const packages = new Set();
for (const input of Object.keys(result.metafile.inputs)) {
  const found = /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input);
  if (found) packages.add(found[1]);
}
const notices = [];
for (const name of [...packages].sort()) {
  const folder = path.join(here, "node_modules", name);
  const about = JSON.parse(await readFile(path.join(folder, "package.json"), "utf8"));
  const file = (await readdir(folder)).find((entry) => /^licen[cs]e/i.test(entry));
  const text = file ? (await readFile(path.join(folder, file), "utf8")).replaceAll("\r\n", "\n").trim() : `License: ${about.license}`;
  notices.push(`${name} ${about.version} (${about.license})\n\n${text}\n`);
}
await writeFile(path.join(out, "THIRD_PARTY_LICENSES"), notices.join(`\n${"-".repeat(100)}\n\n`));

// What check_bundles.py compares where there is no Node.
const sha = () => createHash("sha256");
const sources = ["build.mjs", "package.json", "package-lock.json", "tsconfig.json"];
for (const entry of await readdir(path.join(here, "src"), { recursive: true, withFileTypes: true })) {
  if (entry.isFile()) sources.push(path.relative(here, path.join(entry.parentPath, entry.name)).replaceAll(path.sep, "/"));
}
const together = sha();
for (const name of sources.sort()) {
  together.update(name + "\0");
  together.update(await readFile(path.join(here, name)));
  together.update("\0");
}
const files = {};
for (const name of (await readdir(out)).sort()) files[name] = sha().update(await readFile(path.join(out, name))).digest("hex");
await writeFile(path.join(out, "built.json"), JSON.stringify({ sources: together.digest("hex"), files }, null, 2) + "\n");
