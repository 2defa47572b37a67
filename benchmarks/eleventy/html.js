// Which pages and feeds there are, besides those that have Markdown files. They have the same parts as
// Slugline's, with nearly the same HTML.
import { feed, digestFeed, sitemap } from "./feeds.js";
import { ABOUT, BASE, FED, SITE, pagesOf } from "./facts.js";
import { take, world } from "./frame.js";
import {
	archiveIndex, companyIndex, digestIndex, feedsPage, front, notFound, peopleIndex, sourceIndex, topicIndex,
} from "./indexes.js";
import {
	briefList, companyPage, digestPage, monthPage, olderReports, personPage, publisherPage, sectionPage,
	topicPage, yearPage,
} from "./lists.js";

/** Address -> a function that makes the page or the feed. */
export const made = new Map();

const LISTS = {
	companies: companyPage, topics: topicPage, people: personPage, sections: sectionPage, months: monthPage,
};
const INDEXES = {
	companies: companyIndex, topics: topicIndex, people: peopleIndex, months: archiveIndex,
	digests: digestIndex, sources: sourceIndex,
};

/** Take over the news, and say which pages are made of it. */
export function use(news, files) {
	take(news, files);
	made.clear();
	const dates = []; // addresses of pages, with the date of the newest brief of each
	const add = (url, print, briefs) => {
		made.set(url, print);
		dates.push([url, briefs?.[0]?.iso]);
	};
	add("/", front, world.briefs);
	for (const page of pagesOf("/briefs/", world.briefs)) add(page.url, () => briefList(page), page.briefs);
	for (const [kind, print] of Object.entries(LISTS)) {
		for (const term of world.terms[kind].values()) {
			for (const page of pagesOf(term.url, term.coverage ?? term.briefs, term)) {
				add(page.url, () => print(page), page.briefs);
			}
		}
	}
	for (const term of world.terms.years.values()) add(term.url, () => yearPage(term), term.briefs);
	for (const term of world.terms.digests.values()) add(term.url, () => digestPage(term), term.briefs);
	for (const term of world.terms.sources.values()) publisher(term, add);
	for (const [kind, print] of Object.entries(INDEXES)) add(`/${kind}/`, print, world.briefs);
	add("/feeds/", feedsPage);
	made.set("/404.html", notFound);
	made.set("/robots.txt", () => `User-agent: *\nAllow: /\n\nSitemap: ${BASE}/sitemap.xml\n`);
	feeds();
	made.set("/sitemap.xml", () => sitemap(dates));
	return made;
}

function publisher(term, add) {
	const [ours, ...older] = pagesOf(term.url, term.reported, term, `${term.url}reported/`);
	const [theirs, ...others] = pagesOf(term.url, term.relayed, term, `${term.url}passed-on/`);
	add(term.url, () => publisherPage(term, ours, theirs), term.briefs);
	for (const page of older) add(page.url, () => olderReports(page, "reported"), page.briefs);
	for (const page of others) add(page.url, () => olderReports(page, "relayed"), page.briefs);
}

function feeds() {
	made.set("/feed.xml", () => feed(SITE, "/", ABOUT, world.briefs));
	made.set("/digests/feed.xml", digestFeed);
	for (const [kind] of FED) {
		for (const term of world.terms[kind].values()) {
			const of = kind === "sources" ? `reports of ${term.name}` : term.name;
			const about = term.about ?? `${SITE}${kind === "sections" ? ":" : " on"} ${term.name}. ${term.summary}`;
			made.set(`${term.url}feed.xml`, () => feed(`${SITE}: ${of}`, term.url, about, term.briefs));
		}
	}
}
