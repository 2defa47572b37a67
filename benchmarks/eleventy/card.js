// A brief in a list, which both forms of the site make once for each brief.
import { day, happened, iso, short } from "./facts.js";

const ESCAPES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&#34;", "'": "&#39;" };
const UNSAFE = /[&<>"']/;
export function esc(text) {
	return UNSAFE.test(text) ? text.replace(/[&<>"']/g, (sign) => ESCAPES[sign]) : text;
}

export const link = (thing) => `<a href="${thing.url}">${esc(thing.name ?? thing.title)}</a>`;

export const card = (brief) => (brief.card ??= made(brief));

function made(brief) {
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
