// A brief in a list, which both forms of the site make once for each brief and form of list.

const ESCAPES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&#34;", "'": "&#39;" };
const UNSAFE = /[&<>"']/;
export function esc(text) {
	return UNSAFE.test(text) ? text.replace(/[&<>"']/g, (sign) => ESCAPES[sign]) : text;
}

export const link = (thing) => `<a href="${thing.url}">${esc(thing.name ?? thing.title)}</a>`;
export const headline = (brief) => `<a class="p-name u-url" href="${brief.url}">${esc(brief.title)}</a>`;
export const summary = (brief) => `<p class="summary p-summary">${esc(brief.summary)}</p>`;
export const published = (brief) => `<time class="dt-published" datetime="${brief.iso}">${brief.short}</time>`;

/** The forms of lists: the level of headings; whether cards say their section; whether they are dated by
    their events, as on a company's page. */
export const FORMS = {
	list: { level: 2, section: true },
	section: { level: 2 },
	coverage: { level: 3, section: true },
	events: { level: 3, section: true, events: true },
	olderEvents: { level: 2, section: true, events: true },
};

/** Briefs, each with whether the one before it in the list has the same day. */
export function withDays(briefs, events) {
	let last = "";
	return briefs.map((brief) => {
		const at = events && brief.event ? brief.eventDay : brief.day, same = at === last;
		last = at;
		return [brief, same];
	});
}

/** Briefs with their dates in the margin; a date that follows itself is for programs only. */
export function dated(briefs, form) {
	const row = ([brief, same]) => `<li class="${same ? "same-day " : ""}h-entry">\n${card(brief, form)}</li>\n`;
	return `<ol class="dated">\n${withDays(briefs, FORMS[form].events).map(row).join("")}</ol>`;
}

/** What a list says of a brief; made once for each form. */
export const card = (brief, form) => (brief.cards[form] ??= made(brief, FORMS[form]));

function made(brief, { level, section, events }) {
	const { event } = brief;
	const label = [];
	if (section) label.push(brief.sections.map(link).join(""));
	if (event && events) label.push(`<span>Published ${published(brief)}</span>`);
	else if (event) label.push(`<span class="event">Happened <time datetime="${brief.eventDay}">${brief.shortEvent}</time></span>`);
	const when = event && events ? `<time datetime="${brief.eventDay}">${brief.shortEvent}</time>` : published(brief);
	return `<p class="when${events ? " event" : ""}">${when}</p>
<article class="story">
<h${level}>${headline(brief)}</h${level}>
${summary(brief)}
${label.length ? `<p class="label">\n${label.join("\n")}\n</p>\n` : ""}</article>
`;
}

/** A brief in a publisher's list, with who else is in its chain; made once for each of both lists. */
export function report(brief, kind, level) {
	return (brief.cards[kind + level] ??= `<p class="when"><time datetime="${brief.iso}">${brief.short}</time></p>
<article class="story">
<h${level}>${link(brief)}</h${level}>
<p class="way">${kind === "reported" ? passedOn(brief.relayed) : `Relay of ${inline(brief.reported)}`}</p>
</article>
`);
}

const passedOn = (relays) => (relays.length ? `Original report, passed on by ${inline(relays)}` : "Original report");

/** Names in a sentence. */
export const inline = (things, kind = "") =>
	things.map((thing, n) => `<span class="kept"><a${kind && ` class="${kind}"`} href="${thing.url}">${esc(thing.name)}</a>${n + 1 < things.length ? "," : ""}</span>`).join(" ");

/** The briefs that a publisher reported, or passed on. */
export function reports(briefs, kind, level) {
	const row = ([brief, same]) => `<li${same ? ' class="same-day"' : ""}>\n${report(brief, kind, level)}</li>\n`;
	return `<ol class="dated">\n${withDays(briefs).map(row).join("")}</ol>`;
}
