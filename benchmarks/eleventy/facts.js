// What the pages say, without their HTML: names, dates, counts, JSON-LD, which briefs stand where.
// Both forms of the Eleventy site take it from here.

export const SITE = "The Test Desk";
export const TAGLINE = "News that nobody made";
export const ABOUT = "A made-up briefing, to measure how fast it is built.";
export const BASE = "https://bench.example";
export const COPYRIGHT = "Nobody's.";
export const SIZE = 20; // briefs in a list, and in a feed
export const NAMES = { companies: "Companies", topics: "Topics", people: "People", months: "Archive" };

// --- dates -------------------------------------------------------------------------------------

const MONTHS = [
	"January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
	"November", "December",
];
const DAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const two = (number) => String(number).padStart(2, "0");
export const iso = (date) => `${date.toISOString().slice(0, 19)}Z`;
export const day = (date) => date.toISOString().slice(0, 10);
export const short = (d) =>
	`${d.getUTCDate()} ${MONTHS[d.getUTCMonth()].slice(0, 3)} ${d.getUTCFullYear()}`;
export const long = (d) => `${d.getUTCDate()} ${MONTHS[d.getUTCMonth()]} ${d.getUTCFullYear()}`;
export const month = (slug) => `${MONTHS[Number(slug.slice(5)) - 1]} ${slug.slice(0, 4)}`;
export const clock = (d) => `${two(d.getUTCHours())}:${two(d.getUTCMinutes())}`;
export const rfc = (d) =>
	`${DAYS[d.getUTCDay()]}, ${two(d.getUTCDate())} ${MONTHS[d.getUTCMonth()].slice(0, 3)} ` +
	`${d.getUTCFullYear()} ${clock(d)}:${two(d.getUTCSeconds())} +0000`;

/** When it happened, if that was not the day of publication. */
export function happened(brief) {
	const event = new Date(brief.data.event_date);
	return day(event) === day(brief.date) ? null : event;
}

// --- counts and orders -------------------------------------------------------------------------

export const countWords = (html) => html.replace(/<[^>]*>/g, " ").trim().split(/\s+/).length;
export const minutesToRead = (words) => Math.ceil(words / 213);

/** The terms of a kind that some briefs have most often, with how often. */
export function mostFrequent(briefs, kind, besides) {
	const counts = new Map();
	for (const brief of briefs) {
		for (const term of brief[kind]) counts.set(term, (counts.get(term) ?? 0) + 1);
	}
	counts.delete(besides);
	return [...counts].sort((one, other) => other[1] - one[1]).slice(0, 12);
}

export const important = (briefs) =>
	[...briefs].sort((one, two) => one.data.importance - two.data.importance);

export const byName = (terms) => [...terms].sort((one, two) => (one.name < two.name ? -1 : 1));

export const latestFirst = (terms) =>
	terms.filter((term) => term.briefs.length).sort((one, two) => two.briefs[0].date - one.briefs[0].date);

/** Terms by the first letters of their names. */
export function byLetter(terms) {
	const letters = new Map();
	for (const term of terms) letters.set(term.name[0], [...(letters.get(term.name[0]) ?? []), term]);
	return letters;
}

/** A page of a list of briefs; the list of a term, or of all briefs. */
export class List {
	constructor(url, briefs, number, last, term) {
		const address = (n) => (n < 1 || n > last ? "" : n === 1 ? url : `${url}page/${n}/`);
		this.term = term;
		this.number = number;
		this.url = address(number);
		this.newer = address(number - 1);
		this.older = address(number + 1);
		this.briefs = briefs.slice((number - 1) * SIZE, number * SIZE);
	}
}

/** A list's pages of 20 briefs. */
export function pagesOf(url, briefs, term) {
	const last = Math.max(1, Math.ceil(briefs.length / SIZE));
	return Array.from({ length: last }, (_, n) => new List(url, briefs, n + 1, last, term));
}

/** What stands on the front page. */
export function frontPage({ briefs, terms }) {
	const shown = new Set(important(briefs.slice(0, 12)).slice(0, 5));
	const [lead, ...top] = shown;
	const rest = briefs.slice(0, 17).filter((brief) => !shown.has(brief)).slice(0, 12);
	for (const brief of rest) shown.add(brief);
	const since = briefs[0].date - 60 * 24 * 3600 * 1000; // in milliseconds
	const sections = [...terms.sections.values()].map((term) => (
		{ term, briefs: term.briefs.slice(0, 21).filter((brief) => !shown.has(brief)).slice(0, 4) }
	));
	return { lead, top, rest, sections, recent: briefs.filter((brief) => brief.date >= since) };
}

// --- JSON-LD -----------------------------------------------------------------------------------

const publisher = (name) => ({ "@type": "Organization", name });
const citation = (source) => ({
	"@type": "CreativeWork", name: source.title, url: source.url, inLanguage: source.lang,
	datePublished: source.published, publisher: publisher(source.publisher),
});

export function article(brief, words) {
	const { data, people } = brief;
	const url = BASE + brief.url, date = iso(brief.date);
	return {
		"@context": "https://schema.org", "@type": "NewsArticle", headline: brief.title,
		description: brief.summary, url, mainEntityOfPage: url, identifier: data.id,
		datePublished: date, dateModified: date, inLanguage: "en-GB", wordCount: words,
		articleSection: brief.sections[0].name, keywords: brief.topics.map((topic) => topic.name),
		author: publisher(data.author), publisher: { ...publisher(SITE), url: `${BASE}/` },
		about: brief.companies.map((c) => ({ ...publisher(c.name), url: BASE + c.url, sameAs: c.website })),
		...(people.length && {
			mentions: people.map((p) => ({ "@type": "Person", name: p.name, url: BASE + p.url })),
		}),
		isBasedOn: data.sources.filter((source) => source.role === "original").map(citation),
		citation: data.sources.map(citation),
	};
}

export const organization = (term) => ({
	"@context": "https://schema.org", "@type": "Organization", name: term.name, url: BASE + term.url,
	sameAs: term.website, description: term.summary, foundingDate: String(term.founded),
});

export const person = (term) => ({
	"@context": "https://schema.org", "@type": "Person", name: term.name, url: BASE + term.url,
	jobTitle: term.post,
});

/** The objects of a page and the way to it, as JSON inside HTML. */
export function jsonLd(objects, trail, name, url) {
	const steps = [{ name: "Home", url: "/" }, ...trail, { name, url }];
	const items = steps.map((step, n) => (
		{ "@type": "ListItem", position: n + 1, name: step.name, item: BASE + step.url }
	));
	const crumbs = { "@context": "https://schema.org", "@type": "BreadcrumbList", itemListElement: items };
	return JSON.stringify([...objects, crumbs]).replaceAll("<", "\\u003c");
}
