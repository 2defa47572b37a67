// What templates ask of briefs, terms and dates.
import { FORMS, withDays } from "../card.js";
import { article, jsonLd } from "../data.js";
import {
	BASE, backing, bibtexMonth, byFamily, byLetter, byName, capital, clock, countWords, dateParts, day,
	important, latestFirst, long, minutesToRead, month, mostFrequent, mostReports, rfc, short,
} from "../facts.js";
import { related } from "../world.js";
import { byAddress } from "./collections.js";

const words = (brief) => (brief.words ??= countWords(brief.content));

/** Briefs by the year that a company's page says. */
function byYear(briefs) {
	const years = new Map();
	for (const brief of briefs) {
		const year = (brief.eventDay ?? brief.day).slice(0, 4);
		if (!years.has(year)) years.set(year, []);
		years.get(year).push(brief);
	}
	return [...years];
}

export default function (config) {
	config.addFilter("htmlDay", day);
	config.addFilter("shortDate", short);
	config.addFilter("longDate", long);
	config.addFilter("clock", clock);
	config.addFilter("rssDate", rfc);
	config.addFilter("bibtexMonth", bibtexMonth);
	config.addFilter("dateParts", dateParts);
	config.addFilter("asDate", (text) => new Date(text));
	config.addFilter("month", month);
	config.addFilter("asJson", (text) => JSON.stringify(text));
	config.addFilter("capital", capital);

	config.addFilter("briefAt", (url) => byAddress.get(url));
	config.addFilter("backing", backing);
	config.addFilter("minutesToRead", (brief) => minutesToRead(words(brief)));
	config.addFilter("related", (brief, step) => [...related(brief, step)]);
	config.addFilter("absolute", (html) => html.replaceAll('href="/', `href="${BASE}/`));
	config.addFilter("withDays", (briefs, form) => withDays(briefs, FORMS[form]?.events));
	config.addFilter("byYear", byYear);

	config.addFilter("mostFrequent", mostFrequent);
	config.addFilter("mostReports", mostReports);
	config.addFilter("important", (briefs, most) => important(briefs).slice(0, most));
	config.addFilter("byName", byName);
	config.addFilter("byFamily", byFamily);
	config.addFilter("byLetter", (terms) => [...byLetter(byName(terms))]);
	config.addFilter("latestFirst", (terms) => latestFirst(byName(terms)).slice(0, 8));
	config.addFilter("monthsOf", (briefs) => [...new Set(briefs.map((brief) => brief.months[0]))]);
	config.addFilter("startingWith", (terms, slug) => terms.filter((term) => term.slug.startsWith(slug)));
	config.addFilter("named", (terms, slug) => terms.find((term) => term.slug === slug));

	config.addFilter("jsonLd", (name, url, brief, list) => {
		if (brief) return jsonLd([article(brief, words(brief))], brief.sections, name, url);
		return jsonLd(list?.objects ?? [], list?.trail ?? [], name, url);
	});
}
