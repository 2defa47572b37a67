// What the pages say, without their HTML: names, dates, counts, which briefs stand where. Both forms of
// the Eleventy site take it from here; the JSON-LD is in data.js.

export const SITE = "The Test Desk";
export const TAGLINE = "News that nobody made";
export const ABOUT = "A made-up briefing, to measure how fast it is built.";
export const BASE = "https://bench.example";
export const COPYRIGHT = "Nobody's.";
export const SIZE = 20; // briefs in a list, and in a feed
export const RECENT = 100; // briefs of a publisher whose companies and topics are counted
export const NAMES = {
	companies: "Companies", topics: "Topics", people: "People", months: "Archive", sources: "Sources",
	digests: "Weekly digests",
};
export const ABOUTS = {
	home: ABOUT,
	companies: `Every company that ${SITE} follows.`,
	topics: `The topics that ${SITE} covers.`,
	people: `The people in ${SITE}’s briefs.`,
	months: `Every brief of ${SITE}, by year and month.`,
	sources: "Who reported the news first, and who passed it on.",
	digests: `${SITE}, week by week.`,
	feeds: `Follow ${SITE}, a company or a topic in a feed reader.`,
};
/** The kinds of terms that have feeds, and their headings in the list of feeds. */
export const FED = [
	["sections", "By section"], ["companies", "By company"], ["topics", "By topic"],
	["people", "About a person"], ["sources", "By source"],
];

// --- dates -------------------------------------------------------------------------------------

const MONTHS = [
	"January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
	"November", "December",
];
const SHORT = MONTHS.map((name) => name.slice(0, name === "September" ? 4 : 3));
const DAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const DAY = 24 * 3600 * 1000; // in milliseconds
const two = (number) => String(number).padStart(2, "0");
export const iso = (date) => `${date.toISOString().slice(0, 19)}+00:00`;
export const day = (date) => date.toISOString().slice(0, 10);
const shorter = (d) => `${d.getUTCDate()} ${SHORT[d.getUTCMonth()]}`;
export const short = (d) => `${shorter(d)} ${d.getUTCFullYear()}`;
export const long = (d) => `${d.getUTCDate()} ${MONTHS[d.getUTCMonth()]} ${d.getUTCFullYear()}`;
export const month = (slug) => `${MONTHS[Number(slug.slice(5)) - 1]} ${slug.slice(0, 4)}`;
export const clock = (d) => `${two(d.getUTCHours())}:${two(d.getUTCMinutes())}`;
export const rfc = (d) =>
	`${DAYS[d.getUTCDay()]}, ${two(d.getUTCDate())} ${MONTHS[d.getUTCMonth()].slice(0, 3)} ` +
	`${d.getUTCFullYear()} ${clock(d)}:${two(d.getUTCSeconds())} +0000`;
export const bibtexMonth = (d) => MONTHS[d.getUTCMonth()].slice(0, 3).toLowerCase();
export const dateParts = (d) => `${d.getUTCFullYear()}, ${d.getUTCMonth() + 1}, ${d.getUTCDate()}`;

/** When it happened, if that was not the day of publication. */
export function happened(brief) {
	const event = new Date(brief.data.event_date);
	return day(event) === day(brief.date) ? null : event;
}

/** The week of a date, by ISO 8601: its address, its number, its first and last day, its name. */
export function weekOf(date) {
	const midnight = Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate());
	const first = new Date(midnight - ((date.getUTCDay() + 6) % 7) * DAY);
	const year = new Date(first.getTime() + 3 * DAY).getUTCFullYear(); // that of its Thursday
	const number = 1 + Math.floor((first.getTime() + 3 * DAY - Date.UTC(year, 0, 1)) / (7 * DAY));
	const last = new Date(first.getTime() + 6 * DAY);
	let from = `${shorter(first)} – `;
	if (first.getUTCMonth() === last.getUTCMonth()) from = `${first.getUTCDate()}–`;
	else if (first.getUTCFullYear() !== last.getUTCFullYear()) from = `${short(first)} – `;
	return { slug: `${year}-w${two(number)}`, number, first, last, name: from + short(last) };
}

// --- counts and orders -------------------------------------------------------------------------

export const countWords = (html) => html.replace(/<[^>]*>/g, " ").trim().split(/\s+/).length;
export const minutesToRead = (words) => Math.ceil(words / 213);

export const capital = (text) => text[0].toUpperCase() + text.slice(1);

/** The terms of a kind that some briefs have most often, with how often. */
export function mostFrequent(briefs, kind, besides, most = 12) {
	const counts = new Map();
	for (const brief of briefs) {
		for (const term of brief[kind]) counts.set(term, (counts.get(term) ?? 0) + 1);
	}
	counts.delete(besides);
	const rank = (one, other) => other[1] - one[1] || (one[0].name < other[0].name ? -1 : 1);
	return [...counts].sort(rank).slice(0, most);
}

export const important = (briefs) =>
	[...briefs].sort((one, two) => one.data.importance - two.data.importance);

export const byName = (terms) => [...terms].sort((one, two) => (one.name < two.name ? -1 : 1));

export const latestFirst = (terms) =>
	terms.filter((term) => term.briefs.length).sort((one, two) => two.briefs[0].date - one.briefs[0].date);

/** Publishers, the one with most reports first. */
export const mostReports = (publishers, kind, other) =>
	byName(publishers).sort((one, two) => two[kind].length - one[kind].length || two[other].length - one[other].length);

/** People by their family names. */
export const byFamily = (people) => {
	const key = ({ name }) => name.slice(name.lastIndexOf(" ") + 1) + name;
	return [...people].sort((one, two) => (key(one) < key(two) ? -1 : 1));
};

/** Terms by the first letters of their names. */
export function byLetter(terms) {
	const letters = new Map();
	for (const term of terms) letters.set(term.name[0], [...(letters.get(term.name[0]) ?? []), term]);
	return letters;
}

/** A page of a list of briefs: of a term's, or of all. Older pages are numbered from the oldest on, and
    the first page has what is left for it, so a new brief changes only the first. */
export class List {
	constructor(url, base, briefs, number, last, term) {
		const address = (n) => (n < 1 || n > last ? "" : n === last ? url : `${base}page/${n}/`);
		const end = briefs.length - (number - 1) * SIZE;
		this.term = term;
		this.number = number;
		this.first = number === last; // the newest briefs
		this.url = address(number);
		this.newer = address(number + 1);
		this.older = address(number - 1);
		this.briefs = briefs.slice(this.first ? 0 : end - SIZE, end);
	}
}

/** A list's pages of 20 briefs, the newest first; the first has up to 39. */
export function pagesOf(url, briefs, term, base = url) {
	const last = Math.max(1, Math.floor(briefs.length / SIZE));
	return Array.from({ length: last }, (_, n) => new List(url, base, briefs, last - n, last, term));
}

/** What a digest says of its week. */
export function digest({ briefs }) {
	const [lead, ...rest] = important(briefs);
	const sections = new Map();
	for (const brief of rest) {
		const [section] = brief.sections;
		if (!sections.has(section)) sections.set(section, []);
		sections.get(section).push(brief);
	}
	return { lead, sections: [...sections].map(([term, found]) => ({ term, briefs: found })) };
}

/** What stands behind a story: a report, and those that pass it on. */
export function backing({ relayed }) {
	const relays = relayed.length;
	if (!relays) return "One report";
	return `One report; ${relays === 1 ? "one outlet passes" : `${relays} outlets pass`} it on`;
}

/** What stands on the front page. */
export function frontPage({ briefs, terms }) {
	const shown = new Set(important(briefs.slice(0, 12)).slice(0, 5));
	const [lead, ...top] = shown;
	const rest = briefs.slice(0, 17).filter((brief) => !shown.has(brief)).slice(0, 12);
	for (const brief of rest) shown.add(brief);
	const since = briefs[0].date - 60 * DAY;
	const sections = [...terms.sections.values()].map((term) => (
		{ term, briefs: term.briefs.slice(0, 21).filter((brief) => !shown.has(brief)).slice(0, 4) }
	));
	return { lead, top, rest, sections, recent: briefs.filter((brief) => brief.date >= since) };
}
