// The pages of companies, topics, people, sections, publishers, weeks, months and years, and their lists.
import { dated, esc, link, published, headline, reports, summary } from "./card.js";
import { collection, organization, outlet, person } from "./data.js";
import { RECENT, capital, digest, important, month } from "./facts.js";
import {
	band, counted, lead, page, pageHead, pager, pagerOf, step, stories, story, trailHtml, world,
} from "./frame.js";

const P_NAME = ' class="p-name"';

export function briefList(list) {
	const name = list.first ? "All briefs" : `All briefs, page ${list.number}`;
	const trail = list.first ? [] : [{ name: "All briefs", url: "/briefs/" }];
	const what = { url: list.url, name, kind: "briefs", className: "list", trail, list: true };
	return page(what, `${trail.length ? `${trailHtml(trail)}\n` : ""}${pageHead("All briefs", "", "", P_NAME)}
${dated(list.briefs, "list")}
${pager(list)}`);
}

/** The page of a term's list: the first page is made by `first`, the older ones are alike. */
function termPage(list, what, first, form = "list") {
	const { term, number } = list;
	const { trail } = what;
	Object.assign(what, { url: list.url, feed: what.feed && { title: what.feed, url: term.url }, list: true });
	if (list.first) return page(what, `${trail.length ? `${trailHtml(trail)}\n` : ""}${first()}`);
	const title = `${what.name}, page ${number}`;
	const older = { ...what, className: "list", name: title, about: "", trail: [...trail, { name: what.name, url: term.url }], objects: [] };
	return page(older, `${trailHtml(older.trail)}
${pageHead(title, `Earlier briefs. For the latest, see <a href="${term.url}">${esc(what.name)}</a>.`, "", P_NAME)}
${dated(list.briefs, form)}
${pager(list)}`);
}

const onward = (list, text) => (list.older ? `<p class="onward"><a href="${list.older}">${text}</a></p>\n` : "");
const coverage = (list, heading, text, briefs, more) => `<section class="coverage" id="coverage" aria-labelledby="coverage-heading">
<header class="band-head">
<h2 id="coverage-heading">${heading}</h2>
<p>${text}</p>
</header>
${briefs}
${onward(list, more)}</section>`;
const fact = (name, text) => `<div><dt>${name}</dt><dd>${text}</dd></div>\n`;
const feedLink = ({ url, name }) => `<a href="${url}feed.xml">RSS feed of ${esc(name)}</a>`;

/** One of the latest briefs on a company, with the date of its event. */
function latest(brief) {
	const { event, eventDay } = brief;
	const when = event ? `<time datetime="${eventDay}">${brief.shortEvent}</time><data class="dt-published" value="${brief.iso}" hidden></data>` : published(brief);
	return `<article class="story h-entry">
<p class="label event">${when}</p>
<h3>${headline(brief)}</h3>
${summary(brief)}
</article>
`;
}

/** A company's briefs by the year of their events. */
function byYear(briefs) {
	const years = new Map();
	for (const brief of briefs) {
		const year = (brief.eventDay ?? brief.day).slice(0, 4);
		if (!years.has(year)) years.set(year, []);
		years.get(year).push(brief);
	}
	return [...years].map(([year, some]) => `<details class="year">
<summary>${year} <span class="count">${some.length} ${some.length === 1 ? "brief" : "briefs"}</span></summary>
${dated(some, "events")}
</details>
`).join("");
}

export function companyPage(list) {
	const { term } = list;
	const what = {
		name: term.name, about: term.summary, kind: "companies", className: "company",
		trail: [step("companies")], objects: [organization(term)], feed: `${term.name}: coverage`,
	};
	const few = term.briefs.length <= 3; // which are all among the latest
	const [id, heading, more] = few ? ["coverage-heading", "Coverage", `<p class="feed-link">${feedLink(term)}</p>\n`] : ["latest", "Latest", ""];
	return termPage(list, what, () => `${pageHead(term.name, esc(term.summary), "", P_NAME)}
<section class="band latest"${few ? ' id="coverage"' : ""} aria-labelledby="${id}">
<h2 id="${id}">${heading}</h2>
<div>
<div class="stories three">
${list.briefs.slice(0, 3).map(latest).join("")}</div>
${more}</div>
</section>
<div class="profile" id="profile">
<dl class="facts" id="facts">
${fact("Kind", "Lab")}${fact("Founded", `<time datetime="${term.founded}">${term.founded}</time>`)}${fact("Headquarters", esc(term.seat))}${fact("Website", `<a href="${term.website}" rel="external noopener">${term.website.slice(8)}</a>`)}</dl>
<div class="prose">
${term.html}</div>
</div>
${few ? "" : coverage(list, "Coverage", `By date of event, latest first. ${feedLink(term)}`, byYear(list.briefs), "Older coverage")}
${band("beside", "Appears with", counted(term.briefs, "companies", term))}
${band("topics", "Topics", counted(term.briefs, "topics"))}`, "olderEvents");
}

export function topicPage(list) {
	const { term } = list;
	const what = {
		name: term.name, about: term.summary, kind: "topics", className: "topic", trail: [step("topics")],
		feed: `${term.name}: coverage`,
	};
	return termPage(list, what, () => `${pageHead(term.name, esc(term.summary), "", P_NAME)}
<div class="profile bare">
<div class="prose">
${term.html}</div>
</div>
${coverage(list, "Briefs", `<a href="${term.url}feed.xml">RSS feed of this topic</a>`, dated(list.briefs, "coverage"), "Older briefs")}
${band("companies", "Companies", counted(term.briefs, "companies"))}`);
}

export function personPage(list) {
	const { term } = list;
	const company = world.terms.companies.get(term.company);
	const what = {
		name: term.name, about: term.summary, kind: "people", className: "person", trail: [step("people")],
		objects: [person(term, company)], feed: `${term.name}: coverage`,
	};
	return termPage(list, what, () => `${pageHead(term.name, esc(term.summary), "", P_NAME)}
<div class="profile" id="profile">
<dl class="facts" id="facts">
${fact("Position", esc(capital(term.post)))}${fact("Company", link(company))}</dl>
<div class="prose">
${term.html}</div>
</div>
${coverage(list, "In our briefs", feedLink(term), dated(list.briefs, "coverage"), "Older briefs")}
${band("companies", "Companies", counted(term.briefs, "companies", undefined, 8))}`);
}

export function sectionPage(list) {
	const { term } = list;
	const what = {
		name: term.name, about: term.summary, kind: term.slug, className: "section", trail: [],
		feed: `${term.name}: coverage`,
	};
	return termPage(list, what, () => `${pageHead(term.name, esc(term.summary), "", P_NAME)}
${dated(list.briefs, "section")}
${onward(list, "Older briefs")}<p class="feed-link">${feedLink(term)}</p>
${band("companies", "Companies", counted(term.briefs, "companies"))}`);
}

export function monthPage(list) {
	const [year] = list.term.briefs[0].years;
	const name = month(list.term.slug);
	const what = { name, kind: "months", className: "list", trail: [step("months"), year] };
	return termPage(list, what, () => `${pageHead(name, "", "", P_NAME)}
${dated(list.briefs, "list")}
${pager(list)}`);
}

export function yearPage(term) {
	const months = [...new Set(term.briefs.map((brief) => brief.months[0]))];
	const bands = months.map(({ slug, url, briefs }, n) => `<section class="band" aria-labelledby="month-${n + 1}">
<h2 id="month-${n + 1}"><a href="${url}">${month(slug)}</a></h2>
<div>
<div class="stories three">
${important(briefs).slice(0, 3).map((brief) => story(brief)).join("")}</div>
<p class="onward"><a href="${url}">All ${briefs.length} briefs from ${month(slug)}</a></p>
</div>
</section>
`);
	const trail = [step("months")];
	const what = { url: term.url, name: term.name, kind: "months", className: "index", trail };
	return page(what, `${trailHtml(trail)}
${pageHead(term.name)}
${bands.join("")}${pagerOf(...besides("years", term))}`);
}

/** The newer and the older term of a calendar. */
function besides(kind, term) {
	const all = [...world.terms[kind].values()], place = all.indexOf(term);
	return [all[place - 1], all[place + 1]];
}

// --- publishers --------------------------------------------------------------------------------

const HEADINGS = { reported: "What it reported", relayed: "What it passed on" };

/** An older page of what a publisher reported, or passed on. */
export function olderReports(list, kind) {
	const { term, number } = list;
	const title = `${HEADINGS[kind]}: ${term.name}, page ${number}`;
	const what = {
		url: list.url, name: title, kind: "sources", className: "list", trail: [step("sources"), term],
		feed: { title: `${term.name}: reports`, url: term.url },
	};
	return page(what, `${trailHtml(what.trail)}
${pageHead(title, `Earlier briefs. For the latest, see ${link(term)}.`)}
${reports(list.briefs, kind, 2)}
${pager(list)}`);
}

function reportsBand(list, kind, text, more) {
	return `<section class="coverage" id="${kind}" aria-labelledby="${kind}-heading">
<header class="band-head">
<h2 id="${kind}-heading">${HEADINGS[kind]}</h2>
<p>${text}</p>
</header>
${reports(list.briefs, kind, 3)}
${onward(list, more)}</section>`;
}

export function publisherPage(term, ours, theirs) {
	const { reported, relayed } = term;
	const recent = reported.slice(0, RECENT);
	const limited = Math.max(reported.length, relayed.length) > RECENT;
	const counts = (id, heading, lists) => `<section class="band" aria-labelledby="${id}">
<h2 id="${id}">${heading}</h2>
<div>
${lists.join("\n")}
${limited ? `<p class="label">In the ${RECENT} most recent briefs</p>\n` : ""}</div>
</section>`;
	const what = {
		url: term.url, name: term.name, about: term.about, kind: "sources", className: "company",
		trail: [step("sources")], objects: [outlet(term)],
		feed: { title: `${term.name}: reports`, url: term.url },
	};
	return page(what, `${trailHtml(what.trail)}
${pageHead(term.name)}
${reportsBand(ours, "reported", `${reported.length} briefs are based on its own reports`, "Older briefs based on its reports")}
${reportsBand(theirs, "relayed", `Reports by others, in ${relayed.length} briefs`, "Older briefs in which it passed on a report")}
<p class="feed-link">${feedLink(term)}</p>
${counts("companies", "It reported on", [counted(recent, "companies"), counted(recent, "topics")])}
${counts("relays", "Passed on by", [counted(recent, "relayed")])}
${counts("origins", "Passes on", [counted(relayed.slice(0, RECENT), "reported")])}`);
}

// --- weeks -------------------------------------------------------------------------------------

export function digestPage(term) {
	const { lead: first, sections } = digest(term);
	const number = term.briefs.length;
	const bands = sections.map((section, n) => `${band(`section-${n + 1}`, link(section.term), stories(section.briefs))}\n`);
	const what = {
		url: term.url, name: term.name, about: term.about, kind: "digests",
		className: "digest", trail: [step("digests")], objects: [collection(term)],
		feed: { title: "The Test Desk: Weekly digests", url: "/digests/" },
	};
	return page(what, `${trailHtml(what.trail)}
<header class="page-head">
<p class="label"><span>Week ${term.number}</span> <span>${number} ${number === 1 ? "brief" : "briefs"}</span></p>
<h1>${term.name}</h1>
</header>
<section class="band week-lead" aria-labelledby="lead">
<h2 id="lead">The lead</h2>
<article>
${lead(first, 3)}
</article>
</section>
${bands.join("")}${band("companies", "Companies", counted(term.briefs, "companies"))}
${pagerOf(...besides("digests", term))}`);
}
