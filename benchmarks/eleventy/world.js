// The terms and Eleventy's items of briefs -> the news as the pages need it, the newest brief first.

const KINDS = ["sections", "companies", "topics", "people"];

export class Brief {
	constructor(item) {
		this.item = item;
		this.url = item.url;
		this.data = item.data;
		this.date = item.date;
		this.title = item.data.title;
		this.summary = item.data.description;
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

export function makeWorld(rows, items, markdown) {
	const briefs = items.map((item) => new Brief(item)).reverse();
	const terms = { months: new Map(), years: new Map() };
	for (const kind of KINDS) {
		terms[kind] = new Map(rows[kind].map((row) => [row.slug, new Term(kind, row, markdown)]));
	}
	const calendar = (kind, slug) => {
		if (!terms[kind].has(slug)) terms[kind].set(slug, new Term(kind, { slug, name: slug }));
		return terms[kind].get(slug);
	};
	briefs.forEach((brief, n) => {
		brief.newer = briefs[n - 1];
		brief.older = briefs[n + 1];
		for (const kind of KINDS) {
			brief[kind] = brief.data[kind].map((slug) => terms[kind].get(slug));
		}
		const day = brief.date.toISOString();
		brief.months = [calendar("months", day.slice(0, 7))];
		brief.years = [calendar("years", day.slice(0, 4))];
		// The place of the brief in each of its lists, for what is related.
		brief.places = new Map();
		for (const kind of [...KINDS, "months", "years"]) {
			for (const term of brief[kind]) brief.places.set(term, term.briefs.push(brief) - 1);
		}
	});
	return { briefs, terms };
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
