import { KINDS } from "./pkg/dist/generated.js";

/** The names under which typedoc knows everything in a value. */
function inside(name, value) {
  if (typeof value !== "object" || Array.isArray(value)) return [];
  return Object.entries(value).flatMap(([key, held]) => {
    const own = `${name}.__type.${key}`;
    return [own, ...inside(own, held)];
  });
}

/** Every export must say what it is; what is in `KINDS` are labels, which say it themselves. */
export default {
  name: "@yilian/client",
  entryPoints: ["js/index.ts", "js/react.ts", "js/element.ts"],
  out: "pkg/docs",
  readme: "README.md",
  excludeInternal: true,
  excludePrivate: true,
  excludeExternals: true,
  disableSources: true,
  highlightLanguages: ["html", "js", "jsx", "sh", "ts"],
  validation: { notExported: true, invalidLink: true, invalidPath: true, notDocumented: true },
  intentionallyNotDocumented: inside("index.KINDS", KINDS),
  treatWarningsAsErrors: true,
  treatValidationWarningsAsErrors: true,
};
