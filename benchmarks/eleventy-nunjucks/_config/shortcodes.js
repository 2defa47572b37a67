// Parts that stand on many pages; each is made once for each brief.
import { day, happened, iso, short } from "../facts.js";

const ESCAPES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
const esc = (text) => text.replace(/[&<>"']/g, (sign) => ESCAPES[sign]);
const link = (thing) => `<a href="${thing.url}">${esc(thing.name ?? thing.title)}</a>`;

/** A brief in a list. */
function card(brief) {
	const event = happened(brief);
	return `<li>
<p class="when"><time datetime="${iso(brief.date)}">${short(brief.date)}</time></p>
<article class="story">
<h3>${link(brief)}</h3>
<p class="summary">${esc(brief.summary)}</p>
<p class="label">
${brief.sections.map(link).join("")}
${event ? `<span class="event">Happened <time datetime="${day(event)}">${short(event)}</time></span>` : ""}
</p>
</article>
</li>
`;
}

export default function (config) {
	config.addShortcode("card", (brief) => (brief.card ??= card(brief)));
}
