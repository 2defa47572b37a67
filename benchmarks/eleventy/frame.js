// What all pages have around their content, and the parts that several kinds of page share.
import { esc, headline, link, published, summary } from "./card.js";
import { jsonLd, useIcon } from "./data.js";
import { BASE, COPYRIGHT, NAMES, SITE, TAGLINE, mostFrequent } from "./facts.js";

export let world;
let headFiles;
const mastheads = new Map();

/** Take over the news, and the addresses of the style sheet and the icon. */
export function take(news, { style, icon }) {
	world = news;
	mastheads.clear();
	useIcon(icon);
	headFiles = `<link rel="stylesheet" href="${style}">
<link rel="icon" href="${icon}" type="image/svg+xml">`;
}

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
</nav>`;
const COPY = `<p class="copyright">${esc(COPYRIGHT)}</p>
</footer>`;

/** Made once for each kind of page, and for each section. */
function masthead(kind) {
	let made = mastheads.get(kind);
	if (!made) mastheads.set(kind, (made = makeMasthead(kind)));
	return made;
}

function makeMasthead(kind) {
	const current = (name) => (name === kind ? ' aria-current="true"' : "");
	const section = ({ slug, name, url }) => `<li><a href="${url}"${current(slug)}>${esc(name)}</a></li>\n`;
	const index = (name) => `<li><a href="/${name}/"${current(name)}>${NAMES[name]}</a></li>\n`;
	const name = kind === "home" ? `<h1 class="name"><a href="/" aria-current="page">${SITE}</a></h1>` : `<p class="name"><a href="/">${SITE}</a></p>`;
	return `<header class="masthead">
<div class="title-row">
${name}
<p class="tagline">${TAGLINE}</p>
</div>
<nav class="menu" aria-label="Main">
<ul>
${[...world.terms.sections.values()].map(section).join("")}</ul>
<ul class="more">
${["companies", "topics", "months"].map(index).join("")}</ul>
</nav>
</header>`;
}

/** A whole page. `kind`: what the menu marks; `className`: of the body; `trail`: the way here;
    `objects`: JSON-LD; `feed`: its title and address; `brief`: if it is one's page; `title`: in the
    window, if it is not the name; `list`: whether its briefs are a feed for programs. */
export function page(what, main) {
	const { url, name, about, kind, className, trail = [], objects = [], feed, brief, list } = what;
	const canonical = BASE + url;
	const json = jsonLd(objects, trail, name, url);
	const title = esc(name), description = about ? esc(about) : "";
	return `<!doctype html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${what.title ?? `${title} · ${SITE}`}</title>
${description && `<meta name="description" content="${description}">\n`}${brief ? `<meta name="author" content="${esc(brief.data.author)}">\n` : ""}${kind === "404" ? '<meta name="robots" content="noindex">' : `<link rel="canonical" href="${canonical}">`}
${headFiles}
${feed ? `<link rel="alternate" type="application/rss+xml" title="${esc(feed.title)}" href="${feed.url}feed.xml">\n` : ""}${HEAD_SAME}
<meta property="og:type" content="${brief ? "article" : "website"}">
<meta property="og:title" content="${title}">
${description && `<meta property="og:description" content="${description}">\n`}<meta property="og:url" content="${canonical}">
<meta property="og:locale" content="en_GB">
${brief ? `<meta property="article:published_time" content="${brief.iso}">\n` : ""}<meta name="twitter:card" content="summary">
<script type="application/ld+json">${json}</script>
${SCRIPT}
</head>
<body class="${className}">
<a class="skip" href="#content">Skip to content</a>
${masthead(kind)}
<main id="content"${list ? ' class="h-feed"' : ""} tabindex="-1">
${main}
</main>
${FOOT}
<p class="on-paper">${canonical}</p>
${COPY}
</body>
</html>
`;
}

// --- parts -------------------------------------------------------------------------------------

export const trailHtml = (trail) => `<nav class="trail" aria-label="Breadcrumb">
<ol>
<li><a href="/">Home</a></li>
${trail.map((step) => `<li>${link(step)}</li>\n`).join("")}</ol>
</nav>`;

/** The step to an index, as the companies'. */
export const step = (kind) => ({ name: NAMES[kind], url: `/${kind}/` });

export const names = (things) => `<ul class="names">
${things.map((thing) => `<li>${link(thing)}</li>\n`).join("")}</ul>`;

/** The section of a brief and its date. */
export const label = (brief, section = true) => `<p class="label">
${section ? `${brief.sections.map(link).join("")}\n` : ""}${published(brief)}
</p>`;

/** A headline with its summary, below the label. */
export const story = (brief, section = true) => `<article class="story h-entry">
${label(brief, section)}
<h3>${headline(brief)}</h3>
${summary(brief)}
</article>
`;

/** The briefs of a section, which the cards need not say. */
export const stories = (briefs) => `<div class="stories${briefs.length === 3 ? " three" : ""}">
${briefs.map((brief) => story(brief, false)).join("")}</div>`;

/** A leading story: the headline, and why it matters. */
export const lead = (brief, level) => `${label(brief)}
<h${level}>${headline(brief)}</h${level}>
<p class="standfirst p-summary">${esc(brief.summary)}</p>
<p class="why"><strong>Why it matters</strong> ${esc(brief.data.why)}</p>`;

export const pagerOf = (newer, older) => (newer || older ? `<nav class="pager" aria-label="Newer and older">
<ul>
${newer ? `<li class="newer"><a href="${newer.url}"><span class="direction">Newer</span> ${newer.name}</a></li>\n` : ""}${older ? `<li class="older"><a href="${older.url}"><span class="direction">Older</span> ${older.name}</a></li>\n` : ""}</ul>
</nav>` : "");

/** Links to the newer and the older page of a list. */
export const pager = ({ newer, older }) =>
	pagerOf(newer && { url: newer, name: "briefs" }, older && { url: older, name: "briefs" });

const count = (number) => `<span class="count">${number}<span class="hidden"> ${number === 1 ? "brief" : "briefs"}</span></span>`;

/** Names with their numbers of briefs. */
export const countedTerms = (rows) => `<ul class="counted">
${rows.map(([term, number]) => `<li>${link(term)}&nbsp;${count(number)}</li>\n`).join("")}</ul>`;

/** The terms of a kind that some briefs have most often. */
export const counted = (briefs, kind, besides, most) =>
	countedTerms(mostFrequent(briefs, kind, besides, most));

export const band = (id, heading, rest) => `<section class="band" aria-labelledby="${id}">
<h2 id="${id}">${heading}</h2>
${rest}
</section>`;

export const pageHead = (heading, about, more = "", name = "") => `<header class="page-head">
<h1${name}>${esc(heading)}</h1>
${about ? `<p class="standfirst">${about}</p>\n` : ""}${more}</header>`;
