// What pages share, worked out once for each build.
import { readFileSync } from "node:fs";
import { ABOUT, List, NAMES, SITE, frontPage, organization, pagesOf, person } from "../facts.js";
import { makeWorld } from "../world.js";

const KINDS = ["sections", "companies", "topics", "people", "months", "years"];
const OBJECTS = { companies: organization, people: person };

/** A page of a term's list, with what its head says. */
function termPage(list) {
	const { term, number } = list;
	const first = number === 1;
	list.title = first ? term.name : `${term.name}, page ${number}`;
	list.description = term.summary;
	list.trail = NAMES[term.kind] ? [{ name: NAMES[term.kind], url: `/${term.kind}/` }] : [];
	if (!first) list.trail.push(term);
	list.objects = first && OBJECTS[term.kind] ? [OBJECTS[term.kind](term)] : [];
	return list;
}

/** An RSS feed. Not a plain object, because Eleventy wraps those in proxies. */
class Feed {
	constructor(title, url, about, briefs) {
		Object.assign(this, { title, url, about, briefs: briefs.slice(0, 20) });
	}
}

function feeds({ briefs, terms }) {
	const found = [new Feed(SITE, "/", ABOUT, briefs)];
	for (const term of [...terms.companies.values(), ...terms.topics.values()]) {
		const about = `${SITE} on ${term.name}. ${term.summary}`;
		found.push(new Feed(`${SITE}: ${term.name}`, term.url, about, term.briefs));
	}
	return found;
}

/** The address of a brief -> the brief. */
export const byAddress = new Map();

export default function (config) {
	const rows = JSON.parse(readFileSync("terms.json", "utf8"));
	let markdown, world;
	config.amendLibrary("md", (library) => {
		markdown = library.set({ typographer: true });
	});
	config.on("eleventy.before", () => {
		world = undefined;
	});

	// By their layout, not by a tag: Eleventy fills each collection of a tag with content by a search
	// of all its templates for each item, which takes the square of their number.
	function news(api) {
		if (!world) {
			const briefs = api.getAllSorted().filter((item) => item.data.layout === "layouts/brief.njk");
			world = makeWorld(rows, briefs, (text) => markdown.render(text));
			byAddress.clear();
			for (const brief of world.briefs) byAddress.set(brief.url, brief);
		}
		return world;
	}

	config.addCollection("briefs", (api) => news(api).briefs);
	config.addCollection("front", (api) => [frontPage(news(api))]);
	config.addCollection("feeds", (api) => feeds(news(api)));
	for (const kind of KINDS) {
		const terms = (api) => [...news(api).terms[kind].values()];
		const pages = (term) =>
			kind === "years" ? new List(term.url, [], 1, 1, term) : pagesOf(term.url, term.briefs, term);
		config.addCollection(kind, terms);
		config.addCollection(`${kind}Pages`, (api) => terms(api).flatMap(pages).map(termPage));
	}
}
