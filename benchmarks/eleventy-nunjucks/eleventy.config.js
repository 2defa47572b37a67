// The site that benchmarks/generate.py writes, built by Eleventy as its documentation and its starter
// (eleventy-base-blog) have it: layouts, includes and macros in Nunjucks; JavaScript for collections,
// filters and shortcodes. card.js, data.js, facts.js, files.js and world.js come from
// benchmarks/eleventy/.
//
// What makes Eleventy slower is off or not used: a template language inside Markdown,
// eleventyComputed, data that is worked out for each page anew. A template that is paginated has its
// HTML in a layout, because Eleventy compiles the text of the template again for each of its pages,
// and a layout once; permalinks are functions for the same reason.
import addCollections from "./_config/collections.js";
import addFilters from "./_config/filters.js";
import addShortcodes from "./_config/shortcodes.js";
import { useIcon } from "./data.js";
import { copyFiles } from "./files.js";

export default function (config) {
	const files = copyFiles(config);
	useIcon(files.icon);
	config.addGlobalData("files", files);
	config.setNunjucksEnvironmentOptions({ trimBlocks: true, lstripBlocks: true });
	addCollections(config);
	addFilters(config);
	addShortcodes(config);
	config.setQuietMode(true);
	return {
		dir: { input: "content", includes: "../_includes", data: "../_data", output: "public" },
		markdownTemplateEngine: false,
		htmlTemplateEngine: false,
		templateFormats: ["md", "njk"],
	};
}
