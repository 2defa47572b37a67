// What templates ask of briefs, terms and dates.
import {
	BASE, article, byLetter, byName, clock, countWords, day, happened, important, iso, jsonLd, latestFirst,
	long, minutesToRead, month, mostFrequent, rfc, short,
} from "../facts.js";
import { related } from "../world.js";
import { byAddress } from "./collections.js";

const words = (brief) => (brief.words ??= countWords(brief.content));

export default function (config) {
	config.addFilter("htmlTime", iso);
	config.addFilter("htmlDay", day);
	config.addFilter("shortDate", short);
	config.addFilter("longDate", long);
	config.addFilter("clock", clock);
	config.addFilter("rssDate", rfc);
	config.addFilter("asDate", (text) => new Date(text));
	config.addFilter("month", month);

	config.addFilter("briefAt", (url) => byAddress.get(url));
	config.addFilter("happened", happened);
	config.addFilter("minutesToRead", (brief) => minutesToRead(words(brief)));
	config.addFilter("related", (brief, step) => [...related(brief, step)]);
	config.addFilter("absolute", (html) => html.replaceAll('href="/', `href="${BASE}/`));

	config.addFilter("mostFrequent", mostFrequent);
	config.addFilter("important", (briefs) => important(briefs).slice(0, 3));
	config.addFilter("byName", byName);
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
