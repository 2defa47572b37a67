// The terms and Eleventy's items of briefs -> the news as the pages need it, the newest brief first.
import { SITE, day, happened, iso, short, weekOf } from "./facts.js";

const KINDS = ["sections", "companies", "topics", "people"];

export class Brief {
	constructor(item) {
		this.item = item;
		this.url = item.url;
		this.data = item.data;
		this.date = item.date;
		this.title = item.data.title;
		this.summary = item.data.description;
		this.iso = iso(this.date);
		this.day = this.iso.slice(0, 10);
		this.short = short(this.date);
		this.event = happened(this); // unless it was published on that day
		this.eventDay = this.event && day(this.event);
		this.shortEvent = this.event && short(this.event);
		this.cards = {}; // what lists say of it, by form
	}

	/** The body as HTML, without its page. */
	get content() {
		return this.item.content;
	}
}

export class Term {
	constructor(kind, row, markdown) {
		this.kind = kind;
		this.briefs = []; // the newest first
		this.url = `/${kind}/${row.slug}/`;
		Object.assign(this, row);
		this.html = row.body ? markdown(row.body) : "";
	}
}

/** Make the terms that no file describes from what briefs say. */
function found(terms, kind, slug, row) {
	let term = terms[kind].get(slug);
	if (!term) terms[kind].set(slug, (term = new Term(kind, { slug, ...row() })));
	return term;
}

const outlet = (name) => (
	{ name, about: `What ${name} reported and passed on, in ${SITE}.`, reported: [], relayed: [] }
);
const aboutWeek = (week) => ({ ...week, about: `What happened in the week of ${week.name}.` });
const slugOf = (name) => name.toLowerCase().replace(/[^a-z0-9]+/g, "-");

export function makeWorld(rows, items, markdown) {
	const briefs = items.map((item) => new Brief(item)).reverse();
	const terms = { months: new Map(), years: new Map(), digests: new Map(), sources: new Map() };
	for (const kind of KINDS) {
		terms[kind] = new Map(rows[kind].map((row) => [row.slug, new Term(kind, row, markdown)]));
	}
	briefs.forEach((brief, n) => {
		brief.newer = briefs[n - 1];
		brief.older = briefs[n + 1];
		for (const kind of KINDS) {
			brief[kind] = brief.data[kind].map((slug) => terms[kind].get(slug));
		}
		const slug = brief.day.slice(0, 7), week = weekOf(brief.date);
		brief.months = [found(terms, "months", slug, () => ({ name: slug }))];
		brief.years = [found(terms, "years", slug.slice(0, 4), () => ({ name: slug.slice(0, 4) }))];
		brief.digests = [found(terms, "digests", week.slug, () => aboutWeek(week))];
		addSources(brief, terms);
		// The place of the brief in each of its lists, for what is related.
		brief.places = new Map();
		for (const kind of [...KINDS, "months", "years", "digests"]) {
			for (const term of brief[kind]) brief.places.set(term, term.briefs.push(brief) - 1);
		}
	});
	const shown = (brief) => (brief.event ?? brief.date).getTime();
	for (const term of terms.companies.values()) {
		term.coverage = [...term.briefs].sort((one, two) => shown(two) - shown(one));
	}
	return { briefs, terms, byAddress: new Map(briefs.map((brief) => [brief.url, brief])) };
}

/** Its publishers, in the order of its sources: who reported it, and who passed it on. */
function addSources(brief, terms) {
	brief.sources = [];
	brief.reported = [];
	brief.relayed = [];
	for (const source of brief.data.sources) {
		const name = source.publisher, kind = source.of ? "relayed" : "reported";
		const term = found(terms, "sources", slugOf(name), () => outlet(name));
		brief.sources.push(term);
		brief[kind].push(term);
		term[kind].push(brief);
		if (term.briefs.at(-1) !== brief) term.briefs.push(brief);
	}
}

/** At most four briefs before or after one in the lists of its companies and topics, two of each,
    with the name of what they share. */
export function related(brief, step) {
	const found = new Map();
	for (const term of [...brief.companies, ...brief.topics]) {
		const place = brief.places.get(term);
		for (const other of [term.briefs[place + step], term.briefs[place + 2 * step]]) {
			if (other && !found.has(other)) found.set(other, term.name);
			if (found.size === 4) return found;
		}
	}
	return found;
}
