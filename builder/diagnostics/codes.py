"""Every kind of mistake that Slugline can report, in the order in which a build meets them."""

from __future__ import annotations

from typing import Literal, NamedTuple

Severity = Literal["error", "warning"]


class Code(NamedTuple):
    """A kind of mistake: its name, whether it stops a build, what it means and what to do."""

    name: str
    severity: Severity
    meaning: str
    remedy: str


# docs/diagnostics.md is made from this.
CODES: tuple[Code, ...] = (
    Code(
        "unreadable-file",
        "error",
        "A file or folder cannot be read.",
        "Make it readable, or remove it.",
    ),
    Code("file-too-large", "error", "A file has more than 16 MB.", "Split it."),
    Code(
        "binary-file",
        "error",
        "A file has a NUL byte, so it is not text.",
        "Save it as text, or move it to content/media/.",
    ),
    Code("not-utf8", "error", "A file is not in UTF-8.", "Save it as UTF-8."),
    Code(
        "secret-looking",
        "error",
        "A file has what looks like a key, a token or a password.",
        "Take it out, and have it revoked.",
    ),
    Code("symlink", "error", "A link leads out of content/.", "Put the file itself there."),
    Code(
        "unknown-folder",
        "error",
        "A text is in no folder of records.",
        "Move it to briefs, companies, topics, threads, people, publishers, pages or digests.",
    ),
    Code(
        "stray-file",
        "warning",
        "A file is neither a text nor in content/media/, and is not read.",
        "Move it, or remove it.",
    ),
    Code(
        "no-front-matter",
        "error",
        "A file does not open with a line `---`.",
        "Put the fields between two such lines at its head.",
    ),
    Code(
        "front-matter-not-closed",
        "error",
        "The second line `---` is missing.",
        "Close the fields above the text.",
    ),
    Code(
        "front-matter-too-large",
        "error",
        "The fields have more than 256 KB.",
        "Move text to the body.",
    ),
    Code(
        "not-a-mapping",
        "error",
        "The fields are not names with values.",
        "Write one `name: value` a line.",
    ),
    Code(
        "not-a-key", "error", "The name of a field is a list or a mapping.", "Write a plain word."
    ),
    Code("duplicate-key", "error", "A field stands twice.", "Keep one."),
    Code("too-deep", "error", "Values are nested more than 20 deep.", "No field needs that."),
    Code(
        "yaml-alias",
        "error",
        "An anchor (`&`) or alias (`*`) is used; neither is read.",
        "Write the value out, or quote the text.",
    ),
    Code(
        "yaml-tag", "error", "A tag (`!`) is used; none is read.", "Remove it, or quote the text."
    ),
    Code("yaml-tab", "error", "A tab indents a line.", "Indent with spaces."),
    Code(
        "yaml-syntax",
        "error",
        "The fields are not YAML.",
        "Mostly a quotation mark, a bracket or an indentation; quote a text with `: ` in it.",
    ),
    Code(
        "yaml-comment",
        "warning",
        "A text ends before a `#`, which begins a comment.",
        "Quote the text.",
    ),
    Code(
        "unknown-key",
        "error",
        "A field is not one of its record.",
        "Correct the spelling; the reference lists all.",
    ),
    Code("missing-key", "error", "A required field is missing.", "Add it."),
    Code("empty-value", "error", "A value is empty.", "Write one, or remove the field."),
    Code(
        "expected-text",
        "error",
        "One value is wanted, and there is a list or a mapping.",
        "Write one; quote a text with brackets.",
    ),
    Code("expected-list", "error", "A list is wanted.", "Put the value into brackets."),
    Code("expected-mapping", "error", "Names with values are wanted.", "Write `{name: value}`."),
    Code("expected-boolean", "error", "True or false is wanted.", "Write `true` or `false`."),
    Code("expected-number", "error", "A whole number above zero is wanted.", "Write one."),
    Code(
        "invalid-choice",
        "error",
        "A value is not one of those that the field allows.",
        "Take one of them.",
    ),
    Code("not-one-line", "error", "A line of text has a line break.", "Write it on one line."),
    Code("control-character", "error", "A text has a character that nobody can see.", "Remove it."),
    Code(
        "invalid-date",
        "error",
        "A date is not one, or lacks its day.",
        "Write 2025-06-13, or 2025-06-13 14:39, or add a zone: +07:00.",
    ),
    Code(
        "invalid-time-zone",
        "error",
        "A time zone is not known.",
        "Write an IANA name such as Europe/Amsterdam.",
    ),
    Code(
        "invalid-slug",
        "error",
        "A text cannot be part of an address.",
        "Use lower-case letters, digits and hyphens, 100 at most.",
    ),
    Code(
        "digest-week",
        "error",
        "The name of a digest's file is not a week.",
        "Name it by the year and the week of ISO 8601: 2025-w24.md.",
    ),
    Code(
        "digest-without-briefs",
        "warning",
        "No brief was published in the week of a digest, so it has no page.",
        "Rename it to the week that is meant.",
    ),
    Code(
        "invalid-quantity",
        "error",
        "A figure's value cannot be read.",
        "Write a number with its scale and unit: 14bn USD, 49%, 3x, 200 people, 1bn..2bn USD.",
    ),
    Code(
        "invalid-formula",
        "error",
        "A figure's formula cannot be read.",
        "Write ids of figures of the same file, numbers, + - * / and parentheses.",
    ),
    Code(
        "invalid-period",
        "error",
        "A text is not a period.",
        "Write a year, half, quarter or month: 2024, 2024-H1, 2024-Q3, 2024-06.",
    ),
    Code("invalid-id", "error", "A text cannot be an id.", "Take one from `slugline new`."),
    Code("invalid-url", "error", "A text is not a web address.", "Write it with https://."),
    Code(
        "invalid-language", "error", "A text is not a language tag.", "Write en, nl, vi, zh-Hant."
    ),
    Code(
        "invalid-media",
        "error",
        "A picture is not below content/media/.",
        "Put it there and name it by its path.",
    ),
    Code(
        "missing-media",
        "error",
        "A file of content/media/ does not exist.",
        "Put it there, or correct the name.",
    ),
    Code(
        "image-without-alt", "warning", "A picture has no alternative text.", "Say what it shows."
    ),
    Code("duplicate-id", "error", "Two files have one id.", "Mint another for the newer one."),
    Code(
        "duplicate-slug",
        "error",
        "Two records of a kind have one slug.",
        "Give one of them another.",
    ),
    Code(
        "duplicate-address",
        "error",
        "Two pages claim one address.",
        "Give one of them another slug.",
    ),
    Code(
        "duplicate-source",
        "error",
        "Two sources of a file have one id.",
        "Give one of them another.",
    ),
    Code(
        "reserved-slug",
        "error",
        "A section would take an address of the site's own pages.",
        "Choose another slug; `name` may stay.",
    ),
    Code("double-owner", "error", "Two files claim one name.", "Take it from one of them."),
    Code(
        "invalid-target",
        "error",
        "A target of `deploy` leads nowhere.",
        "Write where it is as rclone or git does.",
    ),
    Code(
        "unknown-company",
        "error",
        "No company has this name.",
        "Correct it, or make it with `slugline new company`.",
    ),
    Code(
        "unknown-section",
        "error",
        "site.yaml declares no such section.",
        "Correct it, or declare it.",
    ),
    Code(
        "unknown-author",
        "error",
        "site.yaml declares no such author.",
        "Correct it, or declare it.",
    ),
    Code(
        "unknown-source",
        "error",
        "`of`, or a claim, quotation or response, names a source that is not in the list.",
        "Use the id of one that is.",
    ),
    Code(
        "unknown-name",
        "error",
        "A name in `[[…]]` is no company, person or topic; who answered is no company or person.",
        "Correct it, or make a file for it.",
    ),
    Code(
        "unclear-speaker",
        "error",
        "`by` of a claim names nobody, or a person and a company at once.",
        "Write `{person: …}`, `{company: …}` or `{anonymous: 5, described_as: …}`.",
    ),
    Code(
        "unknown-brief",
        "error",
        "A brief is said to translate or to follow one that does not exist.",
        "Write the slug of one that does.",
    ),
    Code(
        "unknown-thread",
        "error",
        "A brief is said to be a part of a thread that does not exist.",
        "Write the slug of one that does, or give it a file in content/threads/.",
    ),
    Code(
        "follows-circle",
        "error",
        "Briefs follow each other in a circle, or one follows itself.",
        "One of them came first.",
    ),
    Code(
        "translation-circle",
        "error",
        "Briefs translate each other in a circle.",
        "One of them was written first.",
    ),
    Code(
        "company-circle",
        "error",
        "Companies own, or are merged into, each other in a circle.",
        "Break it.",
    ),
    Code(
        "source-circle",
        "error",
        "Sources relay each other in a circle.",
        "One of them was the first.",
    ),
    Code(
        "expires-before-date",
        "error",
        "A brief expires before it is published.",
        "Check both dates.",
    ),
    Code(
        "withdrawn-without-reason",
        "error",
        "A withdrawn brief does not say why.",
        "Add `withdrawn_because`.",
    ),
    Code(
        "unsafe-link",
        "error",
        "A link leads to a protocol that a page must not link to.",
        "Link to https, http, mailto or tel.",
    ),
    Code(
        "unknown-warning",
        "error",
        "`allow` names something that is no warning.",
        "Use the name of a warning; errors cannot be allowed.",
    ),
    Code(
        "allowed-in-vain",
        "warning",
        "`allow` names a warning that is not given for the file.",
        "Remove it.",
    ),
    Code(
        "duplicate-figure",
        "error",
        "Two figures of a brief have the same id.",
        "Give one of them another.",
    ),
    Code(
        "figure-without-value",
        "error",
        "A figure has neither a value nor a formula, or both.",
        "Give it one of them.",
    ),
    Code(
        "derived-without-formula",
        "error",
        "A figure is derived and has no formula, or has one and another basis.",
        "Give it a formula and `basis: derived`, or neither.",
    ),
    Code(
        "unknown-figure",
        "error",
        "A formula, a text or a relation names a figure that the file does not have.",
        "Use the id of one of its figures.",
    ),
    Code(
        "circular-formula",
        "error",
        "Figures are derived from each other in a circle.",
        "Give one of them a value.",
    ),
    Code(
        "mixed-units",
        "error",
        "A formula mixes units that do not go together.",
        "Add and subtract what has the same unit; divide money by money, or by what is counted.",
    ),
    Code(
        "division-by-zero",
        "error",
        "A formula divides by zero, or by a range that holds it.",
        "Check the figure that it divides by.",
    ),
    Code(
        "figure-undated",
        "warning",
        "A figure says no time for which it is true, so it cannot be compared.",
        "Give it `as_of` (a day, month or year) or `period`.",
    ),
    Code(
        "impossible-share",
        "error",
        "A share or stake is below 0% or above 100%, or a minority stake above half.",
        "Check the number. How a share changed is another metric.",
    ),
    Code(
        "figures-differ",
        "warning",
        "Two figures have the same company, metric, time and basis, and cannot both be true.",
        "Write `preferred: true` at the one to print; until then the page shows both.",
    ),
    Code(
        "relation-to-itself",
        "error",
        "A company is related to itself: both names mean one company.",
        "Name two companies.",
    ),
    Code(
        "until-before-since",
        "error",
        "A relation ends before it begins.",
        "Check both dates.",
    ),
    Code(
        "unclear-relation",
        "error",
        "A relation has not begun, and its end is planned already.",
        "Remove `planned: true` where it holds; a plan that was dropped ends at a date.",
    ),
    Code(
        "relations-contradict",
        "warning",
        "Two files say of companies what cannot both be so: that a relation held after it was over,"
        " that two own one, or that what one owns whole it owns in part.",
        "Give the one that is over an `until`, and the later one a `since`.",
    ),
    Code(
        "figure-unbacked",
        "warning",
        "A text has an amount that none of the brief's figures is.",
        "Add the figure, or correct the amount.",
    ),
    Code(
        "period-past-planned",
        "warning",
        "What is over by the day of the story is told as a plan, a forecast or the future.",
        "Write what came of it, or check the year.",
    ),
    Code(
        "acquires-minority",
        "warning",
        "A title or heading says that one company buys another of which it takes less than half.",
        "Say that it takes a stake.",
    ),
    Code(
        "invalid-link",
        "error",
        "A link is no address.",
        "Begin with `/` for this site, or with https://.",
    ),
    Code(
        "broken-link",
        "error",
        "A link leads to a page, file or anchor that the site does not have.",
        "Correct it.",
    ),
    Code(
        "link-unpublished",
        "warning",
        "A link leads to a brief that is not published, or a brief follows one; it is left out.",
        "Publish both together.",
    ),
    Code(
        "heading-level",
        "warning",
        "A heading is of the first level, or leaves out a level.",
        "Begin with `##` and go down one at a time.",
    ),
    Code(
        "raw-html",
        "warning",
        "A tag stands in the text, and is shown as text.",
        "Use Markdown, or backticks to show it.",
    ),
    Code(
        "missing-id",
        "warning",
        "A brief has no id of its own, so a renamed file is announced anew.",
        "Add one from `slugline new`.",
    ),
    Code("missing-summary", "warning", "A brief has no summary.", "Add one sentence."),
    Code("long-title", "warning", "A title has more than 90 characters.", "Say it shorter."),
    Code(
        "title-without-company", "warning", "No company of the brief is in its title.", "Name one."
    ),
    Code(
        "updated-before-date",
        "warning",
        "A brief is updated before it is published.",
        "Check both dates.",
    ),
    Code(
        "event-after-date",
        "warning",
        "A brief is published before what it reports happened.",
        "Check both dates.",
    ),
    Code("no-sources", "warning", "A brief names no source.", "Say who reported it."),
    Code(
        "no-original",
        "warning",
        "Every source passes on another's report.",
        "Add who reported it first.",
    ),
    Code(
        "relay-of-nothing", "warning", "A relay or translation does not say of what.", "Add `of`."
    ),
    Code(
        "original-of-another",
        "warning",
        "An original report is said to relay another.",
        "Change its role, or remove `of`.",
    ),
    Code(
        "source-order",
        "warning",
        "A source is older than the one that it relays.",
        "Check both dates.",
    ),
    Code(
        "source-language",
        "warning",
        "A source is a translation, and gives no language or that of what it translates.",
        "Give the language of its text, so that the chain shows where it changed.",
    ),
    Code(
        "source-twice",
        "warning",
        "Two sources of a brief have one address.",
        "Keep one: a report has one place in a chain.",
    ),
    Code(
        "source-used-before",
        "warning",
        "Every source of a brief that has an address is a source of one earlier brief with the same"
        " subject, its first company. A report that several briefs share is otherwise normal.",
        "Add what is new, or allow it and say why it is told again.",
    ),
    Code(
        "correction-before-date",
        "warning",
        "A brief is corrected before it is published.",
        "Check both dates.",
    ),
    Code(
        "correction-of-nothing",
        "warning",
        "A correction has the same words before and after.",
        "Say what stood there, and what stands there.",
    ),
    Code(
        "correction-without-was",
        "warning",
        "A correction does not say what stood there before; only an omission and a clarification"
        " may.",
        "Add `was`.",
    ),
    Code(
        "brief-before-source",
        "warning",
        "A brief is older than one of its sources.",
        "Check both dates.",
    ),
    Code(
        "follows-later",
        "warning",
        "A brief follows one that happened after it.",
        "Correct an `event_date`, or let the later one follow.",
    ),
    Code(
        "translation-language",
        "warning",
        "A translation has the language of the brief that it translates.",
        "Give its own in `lang`.",
    ),
    Code(
        "name-translated",
        "warning",
        "A company that the original names is not in its translation: its name was translated.",
        "Write the name as it is, or say in the company's file that it may be translated.",
    ),
    Code(
        "other-language",
        "warning",
        "A title, a caption or an alternative text is in another language than its page.",
        "Translate it, or give the file its `lang`.",
    ),
    Code(
        "anonymous-confirmation",
        "warning",
        "A claim is `confirmed`, and nobody who confirms it is named.",
        "Write `reported`, or name who confirms it.",
    ),
    Code(
        "claim-without-speaker",
        "warning",
        "A claim is `claimed` by nobody.",
        "Add `by`, or write `reported`.",
    ),
    Code(
        "claim-without-interest",
        "warning",
        "A claim is by an interested party, and does not say what the interest is.",
        "Add `interest`, or write `reported`.",
    ),
    Code(
        "quote-without-speaker",
        "warning",
        "A quotation does not say whose words it has.",
        "Add `by`.",
    ),
    Code(
        "quote-by-company",
        "warning",
        "A quotation is by a company, which cannot speak.",
        "Name the person; what a company states is a response.",
    ),
    Code(
        "sources-inside",
        "warning",
        "Sources are said to be inside a company, and only to know of the matter: a translation"
        " may have moved them.",
        "Read the original report; where it does say so, give the company in `of`.",
    ),
    Code(
        "lonely-topic",
        "warning",
        "A topic is used once and resembles another.",
        "Use the other, or give it a file.",
    ),
    Code(
        "resembling-person",
        "warning",
        "Two pages are probably of one person, spelt in two ways.",
        "Use one spelling, as `slugline names merge people` does, or list both in `distinct` of"
        " site.yaml.",
    ),
    Code(
        "resembling-publisher",
        "warning",
        "Two publishers are probably one, spelt in two ways.",
        "Use one spelling, as `slugline names merge publishers` does, or list both in `distinct`"
        " of site.yaml.",
    ),
    Code("template-missing", "error", "A template is not there.", "Put it back."),
    Code("template-syntax", "error", "A template has a mistake in its syntax.", "See its line."),
    Code(
        "template-dynamic",
        "error",
        "The name of an included template depends on a value.",
        "Write it out: a page could not know what it depends on.",
    ),
    Code(
        "template-name",
        "error",
        "A template uses a name that its context lacks.",
        "See docs/templates.md.",
    ),
    Code(
        "template-error",
        "error",
        "A template failed while a page was rendered.",
        "See its line, and docs/templates.md.",
    ),
)
