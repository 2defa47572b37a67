// The front page, the indexes, and the page that is shown where there is none.
import { esc, headline, link } from "./card.js";
import {
	ABOUT, ABOUTS, FED, NAMES, SITE, TAGLINE, byFamily, byLetter, byName, capital, frontPage, latestFirst, month,
	mostReports,
} from "./facts.js";
import {
	band, counted, countedTerms, label, lead, names, page, pageHead, stories, story, world,
} from "./frame.js";

const last = (term) => (term.briefs.length ? `<time datetime="${term.briefs[0].iso}">${term.briefs[0].short}</time>` : "");
const briefs = (term) => `${term.briefs.length} ${term.briefs.length === 1 ? "brief" : "briefs"}`;
const all = (kind) => [...world.terms[kind].values()];

/** The page of an index. */
const index = (kind, main, className = "index", feed = undefined) =>
	page({ url: `/${kind}/`, name: NAMES[kind] ?? "Feeds", about: ABOUTS[kind], kind, className, feed }, main);

export function companyIndex() {
	const terms = byName(all("companies"));
	const letters = [...byLetter(terms)];
	const row = (term) => `<li>${link(term)} <span>${esc(term.summary)}</span> <span class="count">${briefs(term)}</span></li>\n`;
	const bands = letters.map(([letter, some]) => `<section class="band" aria-labelledby="letter-${letter.toLowerCase()}">
<h2 class="initial" id="letter-${letter.toLowerCase()}">${letter}</h2>
<ul class="one-liners">
${some.map(row).join("")}</ul>
</section>
`);
	const nav = `<nav class="letters" aria-label="By letter">
<ul>
${letters.map(([letter]) => `<li><a href="#letter-${letter.toLowerCase()}">${letter}</a></li>\n`).join("")}</ul>
</nav>
`;
	return index("companies", `${pageHead("Companies", `${SITE} follows ${terms.length} companies.`, nav)}
${band("recent", "Recently in the news", `<ul class="recent">
${latestFirst(terms).slice(0, 8).map((term) => `<li>${link(term)} ${last(term)}</li>\n`).join("")}</ul>`)}
${bands.join("")}`);
}

export function topicIndex() {
	const row = (term) => `<li>${link(term)} <span>${esc(term.summary)}</span> <span class="count">${briefs(term)}, last ${last(term)}</span></li>\n`;
	return index("topics", `${pageHead("Topics", ABOUTS.topics)}
<ul class="one-liners wide">
${byName(all("topics")).map(row).join("")}</ul>`);
}

export function peopleIndex() {
	const about = (term) => `${esc(capital(term.post))}, ${esc(world.terms.companies.get(term.company).name)}`;
	const row = (term) => `<li>${link(term)} <span>${about(term)}</span> <span class="count">${briefs(term)}</span></li>\n`;
	return index("people", `${pageHead("People", ABOUTS.people)}
<ul class="one-liners wide">
${byFamily(all("people")).map(row).join("")}</ul>`);
}

/** Terms of a calendar, by year. */
const years = (kind, row) => all("years").map((year) => [year, all(kind).filter((term) => term.slug.startsWith(year.slug)).map(row)]);

export function archiveIndex() {
	const bands = years("months", (term) => [{ url: term.url, name: month(term.slug) }, term.briefs.length]).map(([year, rows]) => `<section class="band" aria-labelledby="year-${year.slug}">
<h2 class="initial" id="year-${year.slug}">${link(year)}</h2>
<div>
<p class="label">${year.briefs.length} briefs</p>
${countedTerms(rows)}
</div>
</section>
`);
	return index("months", `${pageHead("Archive", ABOUTS.months)}
<p class="onward"><a href="/digests/">Browse by week</a></p>
${bands.join("")}`);
}

export function digestIndex() {
	const bands = years("digests", (term) => [term, term.briefs.length]).map(([{ slug }, rows]) => `<section class="band" aria-labelledby="year-${slug}">
<h2 class="initial" id="year-${slug}">${slug}</h2>
${countedTerms(rows)}
</section>
`);
	const more = `<p class="downloads"><a href="/digests/feed.xml">RSS feed</a> of completed weeks</p>\n`;
	const feed = { title: `${SITE}: Weekly digests`, url: "/digests/" };
	return index("digests", `${pageHead("Weekly digests", ABOUTS.digests, more)}
${bands.join("")}`, "index", feed);
}

export function sourceIndex() {
	const publishers = all("sources");
	const table = (id, heading, caption, kind, other, columns) => {
		const row = (term) => `<tr><th scope="row">${link(term)}</th><td class="right first">${term[kind].length}</td><td class="right">${term[other].length}</td></tr>\n`;
		return band(id, heading, `<div>
<div class="table ranking">
<table>
<caption class="hidden">${caption}</caption>
<thead><tr><th scope="col">Publisher</th><th scope="col" class="right">${columns[0]}</th><th scope="col" class="right">${columns[1]}</th></tr></thead>
<tbody>
${mostReports(publishers, kind, other).map(row).join("")}</tbody>
</table>
</div>
</div>`);
	};
	const about = `${publishers.length} publishers behind our briefs: who reported the news first, and who passed on the reports of others. The numbers count briefs; a publisher can do both in one brief.`;
	return index("sources", `${pageHead("Sources", about)}
${table("reporting", "Who reported it", "Publishers by original reports", "reported", "relayed", ["Reported", "Passed on"])}
${table("relaying", "Who passed it on", "Publishers by reports passed on", "relayed", "reported", ["Passed on", "Reported"])}`, "sources");
}

export function feedsPage() {
	const feed = (term) => `<li><a href="${term.url}feed.xml">${esc(term.name)}</a></li>\n`;
	const feeds = (id, heading, terms) => `${band(id, heading, `<ul class="feeds">
${terms.map(feed).join("")}</ul>`)}\n`;
	const everything = [{ url: "/", name: SITE }, { url: "/digests/", name: "Weekly digests" }];
	const about = "A feed delivers new briefs to a feed reader of your choice as they appear, with no account and no tracking. Add one of these addresses to your reader.";
	const bands = FED.map(([kind, heading]) => feeds(kind, heading, kind === "sections" ? all(kind) : byName(all(kind))));
	return index("feeds", `${pageHead("Feeds", about)}
${feeds("everything", "Everything", everything)}${bands.join("")}`);
}

export function notFound() {
	const what = { url: "/404.html", name: "Not found", kind: "404", className: "plain" };
	const places = [{ url: "/", name: "The front page" }, ...all("sections")];
	for (const kind of ["companies", "topics", "months"]) places.push({ url: `/${kind}/`, name: NAMES[kind] });
	return page(what, `<div class="grid">
<header class="headline">
<p class="kicker">Error 404</p>
<h1>There is no page at this address</h1>
<p class="standfirst">It may have been mistyped, or the page may never have existed.</p>
</header>
<div class="prose">
<h2>Where to go from here</h2>
<ul>
${places.map((place) => `<li>${link(place)}</li>\n`).join("")}</ul>
</div>
</div>`);
}

/** A headline with its label, for other news. */
const line = (brief) => `<article class="line h-entry">
<h3>${headline(brief)}</h3>
${label(brief)}
</article>
`;

export function front() {
	const { lead: first, top, rest, sections, recent } = frontPage(world);
	const bands = sections.map(({ term, briefs }, n) => `${band(`section-${n + 1}`, link(term), stories(briefs))}\n`);
	const what = {
		url: "/", name: SITE, title: `${SITE} · ${TAGLINE}`, about: ABOUT, kind: "home", className: "front",
		list: true,
	};
	return page(what, `<data class="p-name" value="${SITE}" hidden></data>
<div class="opening">
<article class="lead h-entry">
${lead(first, 2)}
${names(first.companies)}
</article>
<section class="top" aria-labelledby="top-stories">
<h2 id="top-stories" class="hidden">Top stories</h2>
${story(top[0])}<div class="side">
${top.slice(1).map((brief) => story(brief)).join("")}</div>
</section>
</div>
<section class="band" aria-labelledby="latest">
<h2 id="latest">What else is new</h2>
<div class="lines">
${rest.map(line).join("")}</div>
<p class="onward"><a href="/briefs/">All briefs</a></p>
</section>
${bands.join("")}${band("companies", "Companies in the news", counted(recent, "companies"))}`);
}
