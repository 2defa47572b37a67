// The pages: the same HTML, nearly to the byte, as that of Hugo's layouts in benchmarks/hugo/.
import { card, esc, link } from "./card.js";
import {
	ABOUT, BASE, COPYRIGHT, NAMES, SITE, SIZE, TAGLINE, article, byLetter, byName, clock, countWords, day,
	frontPage, happened, important, iso, jsonLd, latestFirst, long, minutesToRead, month, mostFrequent,
	organization, pagesOf, person, rfc, short,
} from "./facts.js";
import { related } from "./world.js";

/** Address -> a function that makes the page or the feed. */
export const made = new Map();
let byAddress = new Map();
let world, style, icon, headFiles;

/** Take over the news, and say which pages are made of it. */
export function use(news, files) {
	world = news;
	style = files.style;
	icon = files.icon;
	byAddress = new Map(world.briefs.map((brief) => [brief.url, brief]));
	masthead.cache = new Map();
	headFiles = `<link rel="stylesheet" href="${style}">
<link rel="icon" href="${icon}" type="image/svg+xml">`;
	made.clear();
	made.set("/", front);
	lists("/briefs/", world.briefs, briefList);
	for (const kind of ["companies", "topics", "people", "sections", "months"]) {
		for (const term of world.terms[kind].values()) lists(term.url, term.briefs, TERM_PAGES[kind], term);
	}
	for (const term of world.terms.years.values()) made.set(term.url, () => yearPage(term));
	made.set("/companies/", companyIndex);
	made.set("/topics/", () => termIndex("topics"));
	made.set("/people/", () => termIndex("people"));
	made.set("/months/", archiveIndex);
	made.set("/feeds/", feedsPage);
	made.set("/404.html", notFound);
	made.set("/robots.txt", () => `User-agent: *\nAllow: /\n\nSitemap: ${BASE}/sitemap.xml\n`);
	made.set("/feed.xml", () => feed(SITE, "/", ABOUT, world.briefs));
	for (const kind of ["companies", "topics"]) {
		for (const term of world.terms[kind].values()) {
			const about = `${SITE} on ${term.name}. ${term.summary}`;
			made.set(`${term.url}feed.xml`, () => feed(`${SITE}: ${term.name}`, term.url, about, term.briefs));
		}
	}
	made.set("/sitemap.xml", sitemap);
	return made;
}

/** A list's pages of 20 briefs. */
function lists(url, briefs, print, term) {
	for (const page of pagesOf(url, briefs, term)) made.set(page.url, () => print(page));
}

// --- small things ------------------------------------------------------------------------------

const names = (things) => `<ul class="names">
${things.map((thing) => `<li>${link(thing)}</li>\n`).join("")}</ul>`;

// --- around a page -----------------------------------------------------------------------------

const SCRIPT = `<script>if (location.protocol === "file:") addEventListener("DOMContentLoaded", () => { for (const a of document.links) if (a.protocol === "file:" && a.pathname.endsWith("/")) a.pathname += "index.html"; });</script>`;
const HEAD_SAME = `<link rel="alternate" type="application/rss+xml" title="${SITE}" href="/feed.xml">
<meta name="color-scheme" content="light dark">
<meta name="theme-color" content="#fbfbf9" media="(prefers-color-scheme: light)">
<meta name="theme-color" content="#121513" media="(prefers-color-scheme: dark)">
<meta property="og:site_name" content="${SITE}">`;
const FOOT = `<footer class="foot">
<p class="name"><a href="/">${SITE}</a></p>
<nav aria-label="Footer">
<ul>
<li><a href="/about/">About</a></li>
<li><a href="/how-we-source/">How we source</a></li>
<li><a href="/corrections/">Corrections</a></li>
<li><a href="/people/">People</a></li>
<li><a href="/feeds/">Feeds</a></li>
</ul>
</nav>
<p class="copyright">${esc(COPYRIGHT)}</p>`;

/** Made once for each kind of page. */
function masthead(kind) {
	if (!masthead.cache.has(kind)) {
		const current = (name) => (name === kind ? ' aria-current="true"' : "");
		masthead.cache.set(kind, `<header class="masthead">
<div class="title-row">
<p class="name"><a href="/">${SITE}</a></p>
<p class="tagline">${TAGLINE}</p>
</div>
<nav class="menu" aria-label="Main">
<ul>
${[...world.terms.sections.values()].map((section) => `<li>${link(section)}</li>\n`).join("")}</ul>
<ul class="more">
${["companies", "topics", "months"].map((name) => `<li><a href="/${name}/"${current(name)}>${NAMES[name]}</a></li>\n`).join("")}</ul>
</nav>
</header>`);
	}
	return masthead.cache.get(kind);
}

/** A whole page. `trail`: the way here; `objects`: JSON-LD; `feed`: a term that has one. */
function page({ url, name, about, kind, className, trail = [], objects = [], feed, date }, main) {
	const canonical = BASE + url;
	const json = jsonLd(objects, trail, name, url);
	const title = esc(name), description = about ? esc(about) : "";
	return `<!doctype html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · ${SITE}</title>
${description && `<meta name="description" content="${description}">`}
<link rel="canonical" href="${canonical}">
${headFiles}
${feed ? `<link rel="alternate" type="application/rss+xml" title="${esc(feed.name)}: coverage" href="${feed.url}feed.xml">` : ""}
${HEAD_SAME}
<meta property="og:type" content="${date ? "article" : "website"}">
<meta property="og:title" content="${title}">
${description && `<meta property="og:description" content="${description}">`}
<meta property="og:url" content="${canonical}">
<meta property="og:locale" content="en_GB">
${date ? `<meta property="article:published_time" content="${date}">` : ""}
<meta name="twitter:card" content="summary">
<script type="application/ld+json">${json}</script>
${SCRIPT}
</head>
<body class="${className}">
<a class="skip" href="#content">Skip to content</a>
${masthead(kind)}
<main id="content" tabindex="-1">
${main}
</main>
${FOOT}
<p class="on-paper">${canonical}</p>
</footer>
</body>
</html>
`;
}

const trailHtml = (trail) => `<nav class="trail" aria-label="Breadcrumb">
<ol>
<li><a href="/">Home</a></li>
${trail.map((step) => `<li>${link(step)}</li>\n`).join("")}</ol>
</nav>`;

// --- parts -------------------------------------------------------------------------------------

const dated = (briefs) => `<ol class="dated">
${briefs.map(card).join("")}
</ol>`;

const story = (brief) => `<article class="story">
<p class="label">
${brief.sections.map(link).join("")}
<time datetime="${iso(brief.date)}">${short(brief.date)}</time>
</p>
<h3>${link(brief)}</h3>
<p class="summary">${esc(brief.summary)}</p>
</article>
`;

const pager = ({ newer, older }) => (newer || older ? `<nav class="pager" aria-label="Newer and older">
<ul>
${newer && `<li class="newer"><a href="${newer}"><span class="direction">Newer</span> briefs</a></li>`}
${older && `<li class="older"><a href="${older}"><span class="direction">Older</span> briefs</a></li>`}
</ul>
</nav>` : "");

/** The terms of a kind that some briefs have most often. */
function counted(briefs, kind, besides) {
	const print = ([term, count]) => `<li>${link(term)} <span class="count">${count}<span class="hidden"> ${count === 1 ? "brief" : "briefs"}</span></span></li>\n`;
	return `<ul class="counted">
${mostFrequent(briefs, kind, besides).map(print).join("")}</ul>`;
}

const band = (id, heading, rest) => `<section class="band" aria-labelledby="${id}">
<h2 id="${id}">${heading}</h2>
${rest}
</section>`;

// --- a brief -----------------------------------------------------------------------------------

const line = (brief) => (brief.line ??= `${link(brief)}
<p class="label"><time datetime="${iso(brief.date)}">${short(brief.date)}</time>`);

function relatedList(id, heading, found) {
	if (!found.size) return "";
	return `<section class="part" id="${id}" aria-labelledby="${id}-heading">
<h2 id="${id}-heading">${heading}</h2>
<ol class="related">
${[...found].map(([brief, name]) => `<li>${line(brief)} <span>${esc(name)}</span></p></li>\n`).join("")}</ol>
</section>`;
}

function sourceItem(source, first) {
	const date = new Date(source.published);
	return `<li>
<p class="source">
<span class="publisher">${esc(source.publisher)}</span>
<cite><a href="${source.url}" rel="external noopener">${esc(source.title)}</a></cite>
</p>
<p class="label">
<span>${source.of ? `Relay of ${esc(first.publisher)}` : "Original report"}</span>
<time datetime="${day(date)}">${short(date)}</time>
</p>
</li>
`;
}

export function briefPage(url, content) {
	const brief = byAddress.get(url);
	const { data } = brief;
	const { sources } = data;
	const words = countWords(content);
	const minutes = minutesToRead(words);
	const event = happened(brief);
	const { newer, older } = brief;
	const chain = sources.map((source, n) => `<li><a href="${source.url}" rel="external noopener">${esc(source.publisher)}</a>${n + 1 < sources.length ? ' <span class="arrow" aria-hidden="true">→</span>' : ""}</li>\n`);
	const what = {
		url, name: brief.title, about: brief.summary, kind: "briefs", className: "brief",
		trail: brief.sections, objects: [article(brief, words)], date: iso(brief.date),
	};
	return page(what, `<article class="grid">
<header class="headline">
${trailHtml(brief.sections)}
<h1>${esc(brief.title)}</h1>
<p class="standfirst">${esc(brief.summary)}</p>
</header>
<dl class="facts">
${event ? `<div class="event"><dt>Happened</dt><dd><time datetime="${day(event)}">${long(event)}</time></dd></div>` : ""}
<div><dt>Published</dt><dd><time datetime="${iso(brief.date)}">${long(brief.date)}, ${clock(brief.date)}</time></dd></div>
<div><dt>By</dt><dd>${esc(data.author)}</dd></div>
<div><dt>Reading time</dt><dd>${minutes} ${minutes === 1 ? "minute" : "minutes"}</dd></div>
<div><dt>Based on</dt><dd><a href="#sources">${sources.length} sources</a></dd></div>
</dl>
<section class="box" id="why" aria-labelledby="why-heading">
<h2 id="why-heading">Why it matters</h2>
<p>${esc(data.why)}</p>
</section>
<div class="prose">
${content}
</div>
<section class="points" id="whats-next" aria-labelledby="whats-next-heading">
<h2 id="whats-next-heading">What’s next</h2>
<ul>
${data.whats_next.map((point) => `<li>${esc(point)}</li>\n`).join("")}</ul>
</section>
<section class="part" id="sources" aria-labelledby="sources-heading">
<h2 id="sources-heading">Who reported it</h2>
<div>
<ol class="chain" aria-label="The path of the report, from its original source">
${chain.join("")}</ol>
<ol class="source-list">
${sources.map((source) => sourceItem(source, sources[0])).join("")}</ol>
</div>
</section>
<section class="part" id="companies" aria-labelledby="companies-heading">
<h2 id="companies-heading">Companies</h2>
<ul class="one-liners">
${brief.companies.map((c) => `<li>${link(c)} <span>${esc(c.summary)}</span></li>\n`).join("")}</ul>
</section>
${brief.people.length ? `<section class="part" id="people" aria-labelledby="people-heading">
<h2 id="people-heading">People</h2>
${names(brief.people)}
</section>` : ""}
<section class="part" id="topics" aria-labelledby="topics-heading">
<h2 id="topics-heading">Topics</h2>
${names(brief.topics)}
</section>
${relatedList("later", "What happened next", related(brief, -1))}
${relatedList("earlier", "Earlier, related", related(brief, 1))}
</article>
<nav class="pager" aria-label="Newer and older">
<ul>
${newer ? `<li class="newer"><a href="${newer.url}"><span class="direction">Newer</span> ${esc(newer.title)}</a></li>` : ""}
${older ? `<li class="older"><a href="${older.url}"><span class="direction">Older</span> ${esc(older.title)}</a></li>` : ""}
</ul>
</nav>`);
}

export function plainPage(data, content) {
	const what = {
		url: data.page.url, name: data.title, about: data.description, kind: "page", className: "plain",
	};
	return page(what, `<article class="grid">
<header class="headline">
<h1>${esc(data.title)}</h1>
<p class="standfirst">${esc(data.description)}</p>
</header>
<div class="prose">
${content}
</div>
</article>`);
}

// --- lists -------------------------------------------------------------------------------------

const pageHead = (heading, about) => `<header class="page-head">
<h1>${esc(heading)}</h1>
${about ? `<p class="standfirst">${esc(about)}</p>\n` : ""}</header>`;

function briefList(list) {
	const name = list.number > 1 ? `All briefs, page ${list.number}` : "All briefs";
	const what = { url: list.url, name, kind: "briefs", className: "list" };
	return page(what, `${pageHead("All briefs")}
${dated(list.briefs)}
${pager(list)}`);
}

/** The page of a term's list: its first page is `first`, the others are alike. */
function termPage(list, className, first, more) {
	const { term, number } = list;
	const trail = NAMES[term.kind] ? [{ name: NAMES[term.kind], url: `/${term.kind}/` }] : [];
	const what = {
		url: list.url, name: term.name, about: term.summary, kind: term.kind, className, trail, ...more,
	};
	if (number === 1) return page(what, `${trail.length ? `${trailHtml(trail)}\n` : ""}${first}`);
	what.name = `${term.name}, page ${number}`;
	what.trail = [...trail, term];
	what.objects = [];
	return page(what, `<header class="page-head">
<h1>${esc(term.name)}, page ${number}</h1>
<p class="standfirst">Earlier briefs. For the latest, see ${link(term)}.</p>
</header>
${dated(list.briefs)}
${pager(list)}`);
}

const onward = (list, text) => (list.older ? `<p class="onward"><a href="${list.older}">${text}</a></p>` : "");
const coverage = (list, heading, lead, text) => `<section class="coverage" id="coverage" aria-labelledby="coverage-heading">
<header class="band-head">
<h2 id="coverage-heading">${heading}</h2>
${lead}</header>
${dated(list.briefs)}
${onward(list, text)}
</section>`;
const fact = (name, text) => `<div><dt>${name}</dt><dd>${text}</dd></div>\n`;

function companyPage(list) {
	const { term } = list;
	const objects = [organization(term)];
	const body = list.number > 1 ? "" : `${pageHead(term.name, term.summary)}
<div class="profile" id="profile">
<dl class="facts" id="facts">
${fact("Kind", "Lab")}${fact("Founded", `<time datetime="${term.founded}">${term.founded}</time>`)}${fact("Headquarters", esc(term.seat))}${fact("Website", `<a href="${term.website}" rel="external noopener">${term.website.slice(8)}</a>`)}</dl>
<div class="prose">
${term.html}
</div>
</div>
${coverage(list, "Coverage", `<p>The newest first. <a href="${term.url}feed.xml">RSS feed of ${esc(term.name)}</a></p>\n`, "Older coverage")}
${band("beside", "Appears with", counted(term.briefs, "companies", term))}
${band("topics", "Topics", counted(term.briefs, "topics"))}`;
	return termPage(list, "company", body, { feed: term, objects });
}

function topicPage(list) {
	const { term } = list;
	const body = list.number > 1 ? "" : `${pageHead(term.name, term.summary)}
<div class="profile bare">
<div class="prose">
${term.html}
</div>
</div>
${coverage(list, "Briefs", `<p><a href="${term.url}feed.xml">RSS feed of this topic</a></p>\n`, "Older briefs")}
${band("companies", "Companies", counted(term.briefs, "companies"))}`;
	return termPage(list, "topic", body, { feed: term });
}

function personPage(list) {
	const { term } = list;
	const objects = [person(term)];
	const body = list.number > 1 ? "" : `${pageHead(term.name, term.summary)}
<div class="profile" id="profile">
<dl class="facts" id="facts">
${fact("Post", esc(term.post))}${fact("Company", link(world.terms.companies.get(term.company)))}</dl>
<div class="prose">
${term.html}
</div>
</div>
${coverage(list, "In the briefs", "", "Older briefs")}
${band("companies", "Companies", counted(term.briefs, "companies"))}`;
	return termPage(list, "person", body, { objects });
}

function sectionPage(list) {
	const { term } = list;
	const body = list.number > 1 ? "" : `${pageHead(term.name, term.summary)}
${dated(list.briefs)}
${onward(list, "Older briefs")}
${band("companies", "Companies", counted(term.briefs, "companies"))}`;
	return termPage(list, "section", body);
}

function monthPage(list) {
	const body = list.number > 1 ? "" : `${pageHead(month(list.term.slug))}
${dated(list.briefs)}
${pager(list)}`;
	return termPage(list, "list", body);
}

const TERM_PAGES = {
	companies: companyPage, topics: topicPage, people: personPage, sections: sectionPage, months: monthPage,
};

function yearPage(term) {
	const months = new Map();
	for (const brief of term.briefs) {
		const [of] = brief.months;
		if (!months.has(of)) months.set(of, of.briefs);
	}
	const bands = [...months].map(([of, briefs]) => `<section class="band" aria-labelledby="month-${of.slug}">
<h2 id="month-${of.slug}"><a href="${of.url}">${month(of.slug)}</a></h2>
<div>
<div class="stories">
${important(briefs).slice(0, 3).map(story).join("")}
</div>
<p class="onward"><a href="${of.url}">All ${briefs.length} briefs of the month</a></p>
</div>
</section>
`);
	const what = { url: term.url, name: term.name, kind: "years", className: "index" };
	return page(what, `${pageHead(term.name)}\n${bands.join("")}`);
}

// --- indexes -----------------------------------------------------------------------------------

const last = (term) => (term.briefs.length ? `<time datetime="${iso(term.briefs[0].date)}">${short(term.briefs[0].date)}</time>` : "");

function companyIndex() {
	const terms = byName(world.terms.companies.values());
	const row = (term) => `<li>${link(term)} <span>${esc(term.summary)}</span> <span class="count">${term.briefs.length} briefs</span></li>\n`;
	const bands = [...byLetter(terms)].map(([letter, some]) => `<section class="band" aria-labelledby="letter-${letter.toLowerCase()}">
<h2 class="initial" id="letter-${letter.toLowerCase()}">${letter}</h2>
<ul class="one-liners">
${some.map(row).join("")}</ul>
</section>
`);
	const what = { url: "/companies/", name: "Companies", kind: "companies", className: "index" };
	return page(what, `${pageHead("Companies", `${terms.length} companies that ${SITE} follows.`)}
${band("recent", "Recently in the news", `<ul class="recent">
${latestFirst(terms).slice(0, 8).map((term) => `<li>${link(term)} ${last(term)}</li>\n`).join("")}</ul>`)}
${bands.join("")}`);
}

function termIndex(kind) {
	const about = (term) => (term.post ? `${esc(term.post)}, ${esc(world.terms.companies.get(term.company).name)}` : esc(term.summary));
	const row = (term) => `<li>${link(term)} <span>${about(term)}</span> <span class="count">${term.briefs.length} briefs, last ${last(term)}</span></li>\n`;
	const what = { url: `/${kind}/`, name: NAMES[kind], kind, className: "index" };
	return page(what, `${pageHead(NAMES[kind])}
<ul class="one-liners wide">
${byName(world.terms[kind].values()).map(row).join("")}</ul>`);
}

function archiveIndex() {
	const months = [...world.terms.months.values()];
	const row = (term) => `<li><a href="${term.url}">${month(term.slug)}</a> <span class="count">${term.briefs.length}<span class="hidden"> briefs</span></span></li>\n`;
	const bands = [...world.terms.years.values()].map((year) => `<section class="band" aria-labelledby="year-${year.slug}">
<h2 class="initial" id="year-${year.slug}">${link(year)}</h2>
<div>
<p class="label">${year.briefs.length} briefs</p>
<ul class="counted">
${months.filter((term) => term.slug.startsWith(year.slug)).map(row).join("")}</ul>
</div>
</section>
`);
	const what = { url: "/months/", name: "Archive", kind: "months", className: "index" };
	return page(what, `${pageHead("Archive")}\n${bands.join("")}`);
}

function feedsPage() {
	const bands = ["companies", "topics"].map((kind) => `<section class="band">
<h2>${NAMES[kind]}</h2>
<ul class="counted">
${byName(world.terms[kind].values()).map((term) => `<li><a href="${term.url}feed.xml">${esc(term.name)}: coverage</a></li>\n`).join("")}</ul>
</section>
`);
	const what = { url: "/feeds/", name: "Feeds", kind: "page", className: "index" };
	return page(what, `${pageHead("Feeds")}
<ul class="names"><li><a href="/feed.xml">${SITE}</a></li></ul>
${bands.join("")}`);
}

function notFound() {
	const what = { url: "/404.html", name: "404 Page not found", kind: "404", className: "plain" };
	return page(what, `<div class="grid">
<header class="headline">
<p class="kicker">Error 404</p>
<h1>There is no page at this address</h1>
</header>
<p><a href="/">The front page</a></p>
</div>`);
}

function front() {
	const { lead, top, rest, sections, recent } = frontPage(world);
	const bands = sections.map(({ term, briefs }) => `<section class="band" aria-labelledby="section-${term.name}">
<h2 id="section-${term.name}">${link(term)}</h2>
<div class="stories">
${briefs.map(story).join("")}
</div>
</section>
`);
	const what = { url: "/", name: SITE, kind: "home", className: "front" };
	return page(what, `<div class="opening">
<article class="lead">
<h2>${link(lead)}</h2>
<p class="standfirst">${esc(lead.summary)}</p>
<p class="why"><strong>Why it matters</strong> ${esc(lead.data.why)}</p>
${names(lead.companies)}
</article>
<section class="top" aria-labelledby="top-stories">
<h2 id="top-stories" class="hidden">Top stories</h2>
${top.map(story).join("")}
</section>
</div>
<section class="band" aria-labelledby="latest">
<h2 id="latest">What else is new</h2>
<div class="lines">
${rest.map(story).join("")}
</div>
<p class="onward"><a href="/briefs/">All briefs</a></p>
</section>
${bands.join("")}
${band("companies", "Companies in the news", counted(recent, "companies"))}`);
}

// --- feeds and the sitemap ---------------------------------------------------------------------

/** A brief in a feed; made once. */
function feedItem(brief) {
	const { data } = brief;
	const categories = [...brief.sections, ...brief.companies, ...brief.topics];
	return (brief.feedItem ??= `<item>
<title>${esc(brief.title)}</title>
<link>${BASE}${brief.url}</link>
<guid isPermaLink="false">${data.id}</guid>
<pubDate>${rfc(brief.date)}</pubDate>
<dc:creator>${esc(data.author)}</dc:creator>
${categories.map((term) => `<category>${esc(term.name)}</category>\n`).join("")}<description>${esc(brief.summary)}</description>
<content:encoded><![CDATA[<p><strong>Why it matters:</strong> ${esc(data.why)}</p>
${brief.content.replaceAll('href="/', `href="${BASE}/`)}
<p><strong>What’s next:</strong></p>
<ul>
${data.whats_next.map((point) => `<li>${esc(point)}</li>\n`).join("")}</ul>
<p><strong>Sources:</strong>
${data.sources.map((source) => `<a href="${source.url}">${esc(source.publisher)}</a>\n`).join("; ")}</p>
]]></content:encoded>
</item>
`);
}

function feed(title, url, about, briefs) {
	return `<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel>
<title>${esc(title)}</title>
<link>${BASE}${url}</link>
<description>${esc(about)}</description>
<language>en-GB</language>
<copyright>${esc(COPYRIGHT)}</copyright>
${briefs.length ? `<lastBuildDate>${rfc(briefs[0].date)}</lastBuildDate>` : ""}
<docs>https://www.rssboard.org/rss-specification</docs>
<atom:link href="${BASE}${url}feed.xml" rel="self" type="application/rss+xml"/>
${briefs.slice(0, SIZE).map(feedItem).join("")}
</channel>
</rss>
`;
}

function sitemap() {
	const row = (url, date) => `<url><loc>${BASE}${url}</loc>${date ? `<lastmod>${iso(date)}</lastmod>` : ""}</url>\n`;
	const pages = [...made.keys()].filter((url) => url.endsWith("/") && !url.includes("/page/"));
	return `<?xml version="1.0" encoding="utf-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
${world.briefs.map((brief) => row(brief.url, brief.date)).join("")}${pages.map((url) => row(url)).join("")}</urlset>
`;
}
