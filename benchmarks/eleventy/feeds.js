// The feeds and the sitemap.
import { esc } from "./card.js";
import { ABOUTS, BASE, COPYRIGHT, SITE, SIZE, backing, important, rfc } from "./facts.js";
import { world } from "./frame.js";

const absolute = (html) => html.replaceAll('href="/', `href="${BASE}/`);

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
${absolute(brief.content)}
<p><strong>What’s next:</strong></p>
<ul>
${data.whats_next.map((point) => `<li>${esc(point)}</li>\n`).join("")}</ul>
<p><strong>Sources:</strong>
${data.sources.map((source) => `<a href="${source.url}">${esc(source.publisher)}</a>`).join(", \n")}
<br>
${backing(brief)}</p>]]></content:encoded>
</item>
`);
}

/** A week in the feed of digests. */
function digestItem(term) {
	const briefs = important(term.briefs);
	return `<item>
<title>${term.name}</title>
<link>${BASE}${term.url}</link>
<guid isPermaLink="false">digest-${term.slug}</guid>
<pubDate>${rfc(term.briefs[0].date)}</pubDate>
<dc:creator>${SITE}</dc:creator>
<description>${esc(briefs[0].title)}</description>
<content:encoded><![CDATA[${briefs.map((brief) => `<h3><a href="${BASE}${brief.url}">${esc(brief.title)}</a></h3>
<p>${esc(brief.summary)}</p>`).join("\n")}]]></content:encoded>
</item>
`;
}

const rss = (title, url, about, date, items) => `<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel>
<title>${esc(title)}</title>
<link>${BASE}${url}</link>
<description>${esc(about)}</description>
<language>en-GB</language>
<copyright>${esc(COPYRIGHT)}</copyright>
${date ? `<lastBuildDate>${rfc(date)}</lastBuildDate>\n` : ""}<generator>Eleventy</generator>
<docs>https://www.rssboard.org/rss-specification</docs>
<atom:link href="${BASE}${url}feed.xml" rel="self" type="application/rss+xml"/>
${items.join("")}</channel>
</rss>
`;

export const feed = (title, url, about, briefs) =>
	rss(title, url, about, briefs[0]?.date, briefs.slice(0, SIZE).map(feedItem));

/** The feed of completed weeks: the last one is still going on. */
export function digestFeed() {
	const weeks = [...world.terms.digests.values()].slice(1, 9);
	const items = weeks.map(digestItem);
	return rss(`${SITE}: Weekly digests`, "/digests/", ABOUTS.digests, weeks[0]?.briefs[0].date, items);
}

/** All pages, with the date of the newest brief on each, if it has briefs. */
export function sitemap(dates) {
	const row = ([url, date]) => `<url><loc>${BASE}${url}</loc>${date ? `<lastmod>${date}</lastmod>` : ""}</url>\n`;
	return `<?xml version="1.0" encoding="utf-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
${world.briefs.map((brief) => row([brief.url, brief.iso])).join("")}${dates.map(row).join("")}</urlset>
`;
}
