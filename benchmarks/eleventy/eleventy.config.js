// The site that benchmarks/generate.py writes, as Eleventy builds it. What makes Eleventy slower is
// off or not used: a second template language inside Markdown, eleventyComputed, data that is worked
// out for each page anew. Templates are JavaScript, the quickest that Eleventy has.
import { readFileSync } from "node:fs";
import { copyFiles } from "./files.js";
import { use } from "./html.js";
import { makeWorld } from "./world.js";

export default function (config) {
	const terms = JSON.parse(readFileSync("terms.json", "utf8"));
	const files = copyFiles(config);

	let markdown;
	config.amendLibrary("md", (library) => {
		markdown = library.set({ typographer: true });
	});

	// Everything that pages share is worked out here, once for each build. The collection holds the
	// addresses of the pages that no Markdown file stands for.
	config.addCollection("made", (api) => {
		const briefs = api.getAllSorted().filter((item) => item.data.layout === "brief.11ty.js");
		const world = makeWorld(terms, briefs, (text) => markdown.render(text));
		return [...use(world, files).keys()];
	});

	config.setQuietMode(true);
	return {
		dir: { input: "content", includes: "../layouts", data: "../data", output: "public" },
		markdownTemplateEngine: false,
		htmlTemplateEngine: false,
		templateFormats: ["md", "11ty.js"],
	};
}
