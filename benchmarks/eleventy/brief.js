// The page of a brief, and the plain pages.
import { esc, inline, link } from "./card.js";
import { article } from "./data.js";
import {
	BASE, SITE, backing, bibtexMonth, clock, countWords, dateParts, day, long, minutesToRead, short,
} from "./facts.js";
import { page, pagerOf, trailHtml, world } from "./frame.js";
import { related } from "./world.js";

/** The line of a related brief; made once. */
const line = (brief) => (brief.line ??= `${link(brief)}
<p class="label"><time datetime="${brief.iso}">${brief.short}</time>`);

function relatedList(id, heading, found) {
	if (!found.size) return "";
	return `<section class="part" id="${id}" aria-labelledby="${id}-heading">
<h2 id="${id}-heading">${heading}</h2>
<ol class="related">
${[...found].map(([brief, name]) => `<li>${line(brief)} <span>${esc(name)}</span></p></li>\n`).join("")}</ol>
</section>
`;
}

function sourceItem(source, of, first) {
	const date = new Date(source.published);
	return `<li>
<p class="source">
<a class="publisher" href="${of.url}">${esc(of.name)}</a>
<cite><a href="${source.url}" rel="external noopener">${esc(source.title)}</a></cite>
</p>
<p class="label">
<span>${source.of ? `Relay of ${esc(first.name)}` : "Original report"}</span>
<time datetime="${day(date)}">${short(date)}</time>
</p>
</li>
`;
}

/** Who reported it, and what else is on record. */
function record(brief) {
	const outlets = brief.sources;
	const chain = outlets.map((outlet, n) => `<li>${link(outlet)}${n + 1 < outlets.length ? ' <span class="arrow" aria-hidden="true">→</span>' : ""}</li>\n`);
	const about = (id, name, things, kind) => (things.length ? `<div><dt id="${id}">${name}</dt><dd>${inline(things, kind)}</dd></div>\n` : "");
	return `<section class="apparatus" aria-label="The record">
<h2 class="hidden">The record</h2>
<section class="part" aria-labelledby="sources-heading">
<h3 id="sources-heading">Who reported it</h3>
<div>
<ol class="chain" aria-label="The path of the report, from its original source">
${chain.join("")}</ol>
<p class="label backing"><span class="backed">${backing(brief)}</span>
</p>
<details>
<summary>${outlets.length} sources, with titles, dates and links</summary>
<div id="sources">
<ol class="source-list">
${brief.data.sources.map((source, n) => sourceItem(source, outlets[n], outlets[0])).join("")}</ol>
</div>
</details>
</div>
</section>
<dl class="about">
${about("companies", "Companies", brief.companies)}${about("people", "People", brief.people)}${about("topics", "Topics", brief.topics, "p-category")}</dl>
</section>`;
}

/** How to cite it: in a sentence, in BibTeX, as CSL JSON. */
function cite({ title, data, date, url }) {
	const name = `the-test-desk-${data.id}`, author = esc(data.author);
	return `<div class="answer">
<details class="cite">
<summary>Cite this</summary>
<p class="reference">${author}: “${esc(title)}”. ${SITE}, ${long(date)}. <bdi dir="ltr">${BASE}${url}</bdi></p>
<p class="label">BibTeX</p>
<pre>@misc{${name},
  author = {{${author}}},
  title = {{${esc(title)}}},
  howpublished = {${SITE}},
  year = {${date.getUTCFullYear()}},
  month = ${bibtexMonth(date)},
  day = {${date.getUTCDate()}},
  url = {${BASE}${url}},
  langid = {en-GB},
}</pre>
<p class="label">CSL JSON</p>
<pre>[{
  &#34;id&#34;: &#34;${name}&#34;,
  &#34;type&#34;: &#34;article-newspaper&#34;,
  &#34;title&#34;: ${esc(JSON.stringify(title))},
  &#34;author&#34;: [{&#34;literal&#34;: ${esc(JSON.stringify(data.author))}}],
  &#34;container-title&#34;: &#34;${SITE}&#34;,
  &#34;publisher&#34;: &#34;${SITE}&#34;,
  &#34;issued&#34;: {&#34;date-parts&#34;: [[${dateParts(date)}]]},
  &#34;language&#34;: &#34;en-GB&#34;,
  &#34;URL&#34;: &#34;${BASE}${url}&#34;
}]</pre>
</details>
</div>`;
}

export function briefPage(url, content) {
	const brief = world.byAddress.get(url);
	const { data, event, newer, older } = brief;
	const words = countWords(content);
	const minutes = minutesToRead(words);
	const what = {
		url, name: brief.title, about: brief.summary, kind: brief.sections[0].slug, className: "brief",
		trail: brief.sections, objects: [article(brief, words)], brief,
	};
	const step = (other) => other && { url: other.url, name: esc(other.title) };
	return page(what, `<article class="grid h-entry">
<data class="u-url u-uid" value="${BASE}${url}" hidden></data>
<header class="headline">
<div class="where">
${trailHtml(brief.sections)}
</div>
<h1 class="p-name">${esc(brief.title)}</h1>
<p class="standfirst p-summary">${esc(brief.summary)}</p>
</header>
<dl class="facts">
${event ? `<div class="event"><dt>Happened</dt><dd><time datetime="${brief.eventDay}">${long(event)}</time></dd></div>\n` : ""}<div><dt>Published</dt><dd><time class="dt-published" datetime="${brief.iso}">${long(brief.date)}, ${clock(brief.date)}</time></dd></div>
<div><dt>By</dt><dd><span class="p-author h-card">${esc(data.author)}</span></dd></div>
<div class="plain"><dt>Reading time</dt><dd>${minutes} ${minutes === 1 ? "minute" : "minutes"}</dd></div>
<div class="plain"><dt>Based on</dt><dd><a href="#sources">${brief.sources.length} sources</a></dd></div>
</dl>
<section class="box" id="why" aria-labelledby="why-heading">
<h2 id="why-heading">Why it matters</h2>
<p>${esc(data.why)}</p>
</section>
<div class="prose e-content">
${content}
</div>
<section class="points" id="whats-next" aria-labelledby="whats-next-heading">
<h2 id="whats-next-heading">What’s next</h2>
<ul>
${data.whats_next.map((point) => `<li>${esc(point)}</li>\n`).join("")}</ul>
</section>
${record(brief)}
${cite(brief)}
${relatedList("later", "Later briefs", related(brief, -1))}${relatedList("earlier", "Earlier briefs", related(brief, 1))}</article>
${pagerOf(step(newer), step(older))}`);
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
