// Builds `static/dist/` from the sources beside this file: one style sheet with its fonts, one script, one
// icon sprite, the logo, the fonts of pictures to download.
// File names carry no hash here: Django's manifest storage adds them, and rewrites the addresses inside the style sheet.

import { copyFile, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";
import * as sass from "sass";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "..", "..");
const modules = join(root, "node_modules");
const finished = join(root, "static", "dist");
const target = join(modules, `.ladder-${process.pid}`); // takes the place of the last build only when it is whole

const shared = {
  bundle: true,
  minify: true,
  outdir: target,
  logLevel: "warning",
  target: ["chrome123", "firefox120", "safari17.5"], // the first with light-dark(), on which both themes rest
};

async function styles() {
  const { css } = sass.compile(join(here, "styles", "ladder.scss"), { loadPaths: [modules], quietDeps: true, charset: false });
  const fonts = '@import "@fontsource-variable/inter/index.css";\n';
  await esbuild.build({
    ...shared,
    stdin: { contents: fonts + css, loader: "css", resolveDir: here, sourcefile: "ladder.css" },
    outdir: undefined,
    outfile: join(target, "ladder.css"),
    loader: { ".woff2": "file" },
    assetNames: "[name]",
  });
}

async function scripts() {
  await esbuild.build({ ...shared, entryPoints: [join(here, "scripts", "ladder.js")], format: "iife" });
}

async function symbol(name) {
  const source = await readFile(join(modules, "@tabler", "icons", "icons", "outline", `${name}.svg`), "utf8");
  const shapes = source.match(/<(?:path|circle|rect|line|polyline|ellipse)\b[^>]*>/g).slice(1); // the first is an empty box
  return `<symbol id="${name}" viewBox="0 0 24 24">${shapes.join("")}</symbol>`;
}

async function sprite() {
  const names = JSON.parse(await readFile(join(here, "icons.json"), "utf8"));
  const symbols = await Promise.all(names.map(symbol));
  await writeFile(join(target, "icons.svg"), `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>\n`);
}

// Pictures to download are drawn on the server, by a renderer that reads these and not the fonts of the web.
async function fonts() {
  const source = join(modules, "@expo-google-fonts", "inter");
  const weights = { "400Regular": "inter-regular.ttf", "600SemiBold": "inter-semibold.ttf" };
  await mkdir(join(target, "fonts"), { recursive: true });
  const copied = Object.entries(weights).map(([weight, name]) => copyFile(join(source, weight, `Inter_${weight}.ttf`), join(target, "fonts", name)));
  await Promise.all(copied);
}

await mkdir(target, { recursive: true });
try {
  await Promise.all([styles(), scripts(), sprite(), fonts(), copyFile(join(here, "logo.svg"), join(target, "logo.svg"))]);
  await mkdir(dirname(finished), { recursive: true });
  await rm(finished, { recursive: true, force: true });
  await rename(target, finished);
} finally {
  await rm(target, { recursive: true, force: true });
}
