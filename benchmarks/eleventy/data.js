// JSON-LD: what the pages say for programs. Both forms of the Eleventy site take it from here.
import { ABOUT, BASE, SITE, backing, day } from "./facts.js";

const CONTEXT = { "@context": "https://schema.org" };
let logo = "";

/** Take over the address of the icon. */
export function useIcon(icon) {
	logo = BASE + icon;
}

const publisher = (name, url) => ({ "@type": "Organization", name, ...(url && { url }) });
const citation = (source, of) => ({
	"@type": "CreativeWork", name: source.title, url: source.url, inLanguage: source.lang,
	datePublished: source.published, publisher: publisher(source.publisher, BASE + of.url),
});

export function article(brief, words) {
	const { data, people } = brief;
	const url = BASE + brief.url, date = brief.iso;
	const citations = data.sources.map((source, n) => citation(source, brief.sources[n]));
	return {
		...CONTEXT, "@type": "NewsArticle", headline: brief.title, description: brief.summary, url,
		mainEntityOfPage: url, identifier: data.id, datePublished: date, dateModified: date,
		inLanguage: "en-GB", wordCount: words, articleSection: brief.sections[0].name,
		keywords: brief.topics.map((topic) => topic.name), author: publisher(data.author),
		publisher: { ...publisher(SITE, `${BASE}/`), logo: { "@type": "ImageObject", url: logo } },
		about: brief.companies.map((c) => ({ ...publisher(c.name, BASE + c.url), sameAs: c.website })),
		...(people.length && {
			mentions: people.map((p) => ({ "@type": "Person", name: p.name, url: BASE + p.url })),
		}),
		isBasedOn: citations.filter((_, n) => !data.sources[n].of), citation: citations,
		backstory: `${backing(brief)}.`,
	};
}

const webSite = () => ({
	...CONTEXT, "@type": "WebSite", name: SITE, url: `${BASE}/`, description: ABOUT, inLanguage: "en-GB",
	publisher: publisher(SITE),
});

export const organization = (term) => ({
	...CONTEXT, ...publisher(term.name, BASE + term.url), sameAs: term.website, description: term.summary,
	foundingDate: String(term.founded), location: { "@type": "Place", name: term.seat },
});

export const person = (term, company) => ({
	...CONTEXT, "@type": "Person", name: term.name, url: BASE + term.url, jobTitle: term.post,
	worksFor: publisher(company.name),
});

export const outlet = (term) => ({ ...CONTEXT, ...publisher(term.name, BASE + term.url) });

export const collection = (week) => ({
	...CONTEXT, "@type": "CollectionPage", name: week.name, url: BASE + week.url,
	temporalCoverage: `${day(week.first)}/${day(week.last)}`, inLanguage: "en-GB",
});

const asScript = (objects) => {
	const json = JSON.stringify(objects.length > 1 ? objects : objects[0]);
	return json.replaceAll("<", "\\u003c");
};

/** The objects of a page and the way to it, as JSON inside HTML. */
export function jsonLd(objects, trail, name, url) {
	if (url === "/") return asScript([webSite()]);
	const steps = [{ name: "Home", url: "/" }, ...trail, { name, url }];
	const items = steps.map((step, n) => (
		{ "@type": "ListItem", position: n + 1, name: step.name, item: BASE + step.url }
	));
	return asScript([...objects, { ...CONTEXT, "@type": "BreadcrumbList", itemListElement: items }]);
}
