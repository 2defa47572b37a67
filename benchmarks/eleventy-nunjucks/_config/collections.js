// What pages share, worked out once for each build.
import { readFileSync } from "node:fs";
import { collection, organization, outlet, person } from "../data.js";
import {
	ABOUT, ABOUTS, FED, List, NAMES, SITE, digest, frontPage, month, pagesOf,
} from "../facts.js";
import { makeWorld } from "../world.js";

const KINDS = ["sections", "companies", "topics", "people", "months", "years", "digests", "sources"];
const OBJECTS = {
	companies: organization, sources: outlet, digests: collection,
	people: (term, { companies }) => person(term, companies.get(term.company)),
};
const DIGESTS = { title: `${SITE}: Weekly digests`, url: "/digests/" };
const HEADINGS = { reported: "What it reported", relayed: "What it passed on" };
const fed = new Set(FED.map(([kind]) => kind));
const step = (kind) => ({ name: NAMES[kind], url: `/${kind}/` });

/** A page of a term's list, with what its head says. */
function termPage(list, terms) {
	const { term } = list, { kind } = term;
	const name = kind === "months" ? month(term.slug) : term.name;
	list.title = list.first ? name : `${name}, page ${list.number}`;
	list.description = list.first ? (term.summary ?? term.about) : "";
	list.trail = kind === "years" ? [step("months")] : NAMES[kind] ? [step(kind)] : [];
	if (kind === "months") list.trail.push(term.briefs[0].years[0]);
	if (!list.first) list.trail.push({ name, url: term.url });
	list.objects = list.first && OBJECTS[kind] ? [OBJECTS[kind](term, terms)] : [];
	const what = kind === "sources" ? "reports" : "coverage";
	if (fed.has(kind)) list.feed = { title: `${term.name}: ${what}`, url: term.url };
	return list;
}

/** The pages of each kind of term. */
function pages(kind, terms) {
	const all = [...terms[kind].values()];
	const single = (term) => new List(term.url, term.url, term.briefs, 1, 1, term);
	if (kind === "years" || kind === "digests") {
		return all.map(single).map((list, n) => {
			Object.assign(list, { newerTerm: all[n - 1], olderTerm: all[n + 1] });
			if (kind === "digests") Object.assign(list, { digest: digest(list.term), feed: DIGESTS });
			return list;
		});
	}
	if (kind !== "sources") return all.flatMap((term) => pagesOf(term.url, term.coverage ?? term.briefs, term));
	return all.map((term) => {
		const [ours] = reportPages(term, "reported");
		[ours.theirs] = reportPages(term, "relayed");
		return ours;
	});
}

function reportPages(term, kind) {
	const base = `${term.url}${kind === "reported" ? "reported" : "passed-on"}/`;
	return pagesOf(term.url, term[kind], term, base);
}

/** The older pages of what publishers reported, and passed on. */
function olderReports(terms) {
	const found = [];
	for (const term of terms.sources.values()) {
		for (const kind of ["reported", "relayed"]) {
			for (const list of reportPages(term, kind).slice(1)) {
				termPage(list, terms);
				list.title = `${HEADINGS[kind]}: ${list.title}`;
				list.part = kind;
				found.push(list);
			}
		}
	}
	return found;
}

function briefPages(briefs) {
	return pagesOf("/briefs/", briefs).map((list) => {
		list.title = list.first ? "All briefs" : `All briefs, page ${list.number}`;
		list.trail = list.first ? [] : [{ name: "All briefs", url: "/briefs/" }];
		return list;
	});
}

/** An RSS feed. Not a plain object, because Eleventy wraps those in proxies. */
class Feed {
	constructor(title, url, about, briefs, weeks) {
		Object.assign(this, { title, url, about, briefs: briefs.slice(0, 20), weeks });
	}
}

function feeds({ briefs, terms }) {
	const weeks = [...terms.digests.values()].slice(1, 9); // the last one is still going on
	const found = [
		new Feed(SITE, "/", ABOUT, briefs),
		new Feed(DIGESTS.title, DIGESTS.url, ABOUTS.digests, weeks[0]?.briefs ?? [], weeks),
	];
	for (const [kind] of FED) {
		for (const term of terms[kind].values()) {
			const of = kind === "sources" ? `reports of ${term.name}` : term.name;
			const about = term.about ?? `${SITE}${kind === "sections" ? ":" : " on"} ${term.name}. ${term.summary}`;
			found.push(new Feed(`${SITE}: ${of}`, term.url, about, term.briefs));
		}
	}
	return found;
}

/** The address of a brief -> the brief. */
export let byAddress = new Map();

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
			byAddress = world.byAddress;
			world.pages = { briefs: briefPages(world.briefs), reports: olderReports(world.terms) };
			for (const kind of KINDS) {
				world.pages[kind] = pages(kind, world.terms).map((list) => termPage(list, world.terms));
			}
		}
		return world;
	}

	config.addCollection("briefs", (api) => news(api).briefs);
	config.addCollection("briefsPages", (api) => news(api).pages.briefs);
	config.addCollection("reportsPages", (api) => news(api).pages.reports);
	config.addCollection("listed", (api) => Object.values(news(api).pages).flat());
	config.addCollection("front", (api) => [frontPage(news(api))]);
	config.addCollection("feeds", (api) => feeds(news(api)));
	for (const kind of KINDS) {
		config.addCollection(kind, (api) => [...news(api).terms[kind].values()]);
		config.addCollection(`${kind}Pages`, (api) => news(api).pages[kind]);
	}
}
