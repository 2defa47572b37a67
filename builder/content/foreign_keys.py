"""Answers names of fields that other tools use, or that are misspelt, with ours.

The names are those of Hugo, Jekyll, Astro, Eleventy, Hexo, Pelican, Zola, Ghost, WordPress,
Substack and Buttondown, folded: `pubDate`, `pub_date` and `Pub-Date` are one name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple, TypeVar

from builder.content.yaml_syntax import QUOTES
from builder.names.suggest import nearest
from builder.patterns import pattern

T = TypeVar("T")


class KeyAnswer(NamedTuple):
    """What to write instead of an unknown key.

    `meant` is the field that it stands for, or empty. If the change is certain, `rename` is the new
    name, `value` the new value, or `remove` is set."""

    hint: str
    meant: str = ""
    rename: str = ""
    value: str = ""
    remove: bool = False


class Change(NamedTuple):
    """A certain change of a field: its new name and its new value.

    Without a new name, the field is removed; without a new value, it keeps its own."""

    at: str
    name: str
    value: str = ""


def _table(text: str) -> dict[str, tuple[str, ...]]:
    """Return names and what they mean; a line is `ours, or ours: theirs theirs`."""
    found: dict[str, tuple[str, ...]] = {}
    for line in text.strip().split("\n"):
        ours, _, theirs = line.partition(":")
        for name in theirs.split():
            found[name] = (*found.get(name, ()), *ours.split())
    return found


# A name that means the same as one of our fields; the first that the record has.
_SAME = _table("""
title name: headline heading posttitle
name title: fullname displayname label
summary: description excerpt subtitle subheading subhead standfirst dek deck lede abstract tldr
summary: teasertext customexcerpt metadescription ogdescription seodescription postexcerpt
summary: descriptionhtml snippet blurb intro lead bio about
title name: title name metatitle ogtitle seotitle
topics: tags tag keywords keyword labels subjects tagslist posttag
products: models model product
companies: company organizations organisations orgs
people: persons person
updated: lastmod modified lastmodified lastmodifiedat updateddate updatedat updatedon moddate
updated: datemodified modifieddate dateupdated lastupdated postmodified revised
date: pubdate publishdate publisheddate publishedat publishedon datepublished postdate created
date: createdat createddate datecreated datetime releasedate publicationdate pubdatetime datetimes
expires: expirydate expiredate expirationdate unpublishdate unlisted_after
redirects: redirectfrom redirect originalslug oldslug oldslugs formerslugs previousslugs
lang: language locale languagecode
translation_of: translationkey translationof
slug: postname basename urlslug handle
author: authors byline bylines writer creator
redirects: aliases
aliases: alias alsoknownas aka othernames
formerly: formernames previousnames
website: homepage site weburl
""")

_PICTURE = "write `image: {file: …, alt: …}`; the file is below content/media/"
_CONTROL = "remove it: it controls another tool"


def _each(names: str, value: T) -> dict[str, T]:
    return dict.fromkeys(names.split(), value)


# What needs a decision: the field it is about, and a hint.
_DECIDE: dict[str, tuple[str, str]] = {
    **_each("category categories", ("topics", "write `topics`, or a `section` of site.yaml")),
    **_each(
        "cover coverimage thumbnail thumb hero heroimage featuredimage featureimage banner images"
        " bannerimage teaser ogimage socialimage headerimage photo picture img imageurl preview",
        ("image", _PICTURE),
    ),
    **_each(
        "permalink url path link",
        ("slug", "remove it, or write the last part of the address as `slug`"),
    ),
    **_each(
        "weight featured pinned pin sticky order priority rank",
        ("importance", "remove it, or write `importance`: 1 leads the front page, 3 is in brief"),
    ),
    **_each(
        "canonical canonicalurl source sourceurl externalurl originalurl externallink references"
        " via credits citation originallink",
        ("sources", "write `sources: [{id: …, publisher: …, url: …}]`"),
    ),
    **_each(
        "series seriesname collection",
        ("thread", "write `thread`: the name of a file in content/threads/"),
    ),
    **_each(
        "taxonomies extra params metadata data seo post",
        ("", "move what you need to fields of the record, and remove it"),
    ),
    **_each("guid uuid postid", ("id", "remove it, or write it as `id`")),
}

# What only controls the other tool, with the reason to remove it.
_DROP: dict[str, str] = {
    **_each(
        "layout type template pagetemplate posttype theme kind view format classes bodyclass",
        "remove it: the folder of a file decides how the file is shown",
    ),
    **_each(
        "comments comment disqus commentstatus pingstatus allowcomments giscus",
        "remove it: pages have no comments",
    ),
    **_each(
        "toc tocopen showtoc tableofcontents math katex mathjax mermaid sitemap robots noindex css"
        " outputs cascade menu menus markup iscjklanguage linktitle resources headless render js"
        " renderwithliquid eleventyexcludefromcollections eleventynavigation pagination hidden"
        " eleventycomputed templateengineoverride insearchindex sortby paginateby pagetype email"
        " insertanchorlinks generatefeeds transparent visibility emailsentat audience share"
        " podcasturl postparent menuorder unlisted readingtime wordcount excerptseparator sidebar"
        " navorder navexclude haschildren codeinjectionhead codeinjectionfoot emailonly hidemeta"
        " hidesummary searchhidden showreadingtime disableshare showbreadcrumbs highlight version"
        " socialshare showdate hidedate",
        _CONTROL,
    ),
}

# The names that other tools use inside a record's part, by the part's name in messages.
_PARTS: dict[str, dict[str, tuple[str, ...]]] = {
    "source": _table("""
publisher: name outlet site website source newspaper publication medium organization
url: link href uri address permalink
published: date pubdate publishdate publishedat datepublished accessed retrieved
title: headline text
role: type kind
author: byline writer by
lang: language locale
"""),
    "image": _table("""
file: src url path filename image name href source
alt: alttext alternative description text
caption: title legend
credit: photographer copyright attribution by author
"""),
    "figure": _table("""
metric: label name type kind what
value: amount number figure
of: company entity subject
as_of: date asof at
"""),
    "quote": _table("""
by: speaker who person author name
text: quote content words
of: company organization organisation
lang: language
"""),
    "claim": _table("text: claim statement content\nby: who speaker person"),
    "correction": _table("""
at: date on time when
was: old before from wrong former previous
now: new after to right corrected correct
kind: type
"""),
    "relation": _table("""
type: kind relation
since: start begin began date
until: end ended
from: subject
to: object target with
"""),
    "response": _table("from: by company who sender"),
    "menu item": _table("name: title label text\nurl: link href path address"),
    "section": _table("name: title label\nsummary: description"),
    "author": _table("name: title label"),
    "site.yaml": _table("""
base_url: url baseurl siteurl address domain site
language: lang locale languagecode defaultcontentlanguage
time_zone: timezone tz
title: name sitename sitetitle
tagline: subtitle slogan motto
menu: menus nav navigation navbar
per_page: paginate pagination perpage postsperpage pagesize
feed_items: rsslimit feedlimit feeditems
"""),
}  # fmt: skip


@lru_cache(maxsize=1024)
def fold(key: str) -> str:
    """Return a name without case, hyphens, underscores and spaces."""
    return re.sub(r"[\W_]+", "", key.casefold())


class UnknownKey(NamedTuple):
    """A key that is not a field, with its value and the other fields as written.

    `known` has the possible fields and `what` is the name of the record in messages. A `part` of a
    record has fields of its own."""

    key: str
    value: Any
    written: Mapping[str, Any]
    known: Mapping[str, Any]
    what: str
    part: bool


def answer_key(unknown: UnknownKey) -> KeyAnswer:
    """Return what to write instead of an unknown key."""
    for find in (_misspelt, _foreign, _decided, _dropped):
        if answer := find(unknown):
            return answer
    known = unknown.known
    if near := nearest(unknown.key, ((name, 0) for name in known)):
        return KeyAnswer(f"did you mean `{near}`?", near)
    if len(known) <= _FEW:
        return KeyAnswer(f"use one of: {', '.join(known)}")
    return KeyAnswer(f"{_absent(unknown.what)}; `slugline help front-matter` lists what it has")


_FEW = 13  # fields that a hint lists
_UNSEEN = pattern(f"[\u00a0\u00ad\u200b-\u200f\u2028-\u202f\u2060\ufeff{QUOTES}]")


def _misspelt(unknown: UnknownKey) -> KeyAnswer | None:
    """Return the answer for one of our names in another form."""
    key, value, written, known, _, _ = unknown
    plain = _UNSEEN.sub("", key).strip()
    if plain != key and plain in known:
        return _renamed(plain, written, f"write `{plain}`, without invisible or special characters")
    name, colon, rest = plain.partition(":")
    if colon and name in known and value is None:
        return KeyAnswer(f"put a space after the colon: `{name}: {rest}`", name)
    same = next((name for name in known if fold(name) == fold(key)), "")
    if not same:
        return None
    answer = _renamed(same, written, f"did you mean `{same}`?")
    return answer if same in written else answer._replace(rename=same)


def _foreign(unknown: UnknownKey) -> KeyAnswer | None:
    """Return the answer for a name that means the same as one of ours."""
    key, _, written, known, what, part = unknown
    table = _PARTS.get(what, {} if part else _SAME)
    ours = next((name for name in table.get(fold(key), ()) if name in known), "")
    if not ours:
        return None
    return _renamed(ours, written, f"rename it to `{ours}`")


def _renamed(ours: str, written: Mapping[str, Any], hint: str) -> KeyAnswer:
    if ours in written:
        return KeyAnswer(f"remove it, or move its value to `{ours}`, which the file has too", ours)
    return KeyAnswer(hint, ours, rename="" if ours in _DECLARED else ours)


# Fields whose values must be declared elsewhere: names of other tools may not be.
_DECLARED = ("author", "companies", "company", "parent", "section", "thread", "translation_of")


_TRUE, _FALSE = ("true", "yes", "1", "on"), ("false", "no", "0", "off")


def _decided(unknown: UnknownKey) -> KeyAnswer | None:
    """Return the answer for a name that depends on its value or on the editor."""
    key, value, written, known, what, part = unknown
    if part or what == "site.yaml":
        return None
    folded, said = fold(key), str(value).casefold()
    if folded in ("draft", "published", "ispublished", "isdraft", "poststatus"):
        if "status" not in known:
            return None
        published = {"publish": True, "draft": False}.get(said)
        if said in (*_TRUE, *_FALSE):
            published = (said in _TRUE) is ("draft" not in folded)
        if published is not None:
            return _status(published, written)
        if folded == "published" and "date" in known:
            return _renamed("date", written, "rename it to `date`")
    if folded in _DECIDE:
        ours, hint = _DECIDE[folded]
        if ours in known or not ours:
            return KeyAnswer(hint, ours)
    return None


def _status(published: bool, written: Mapping[str, Any]) -> KeyAnswer:
    if published:
        return KeyAnswer("remove it: a brief without `status` is published", remove=True)
    if "status" in written:
        return KeyAnswer("remove it: the file has a `status`")
    return KeyAnswer("write `status: draft`", "status", rename="status", value="draft")


def _dropped(unknown: UnknownKey) -> KeyAnswer | None:
    """Return the answer for a name that nothing here needs."""
    what, folded = unknown.what, fold(unknown.key)
    if what == "site.yaml":
        return _for_site(folded)
    if unknown.part:
        return None
    if folded in _DROP:
        return KeyAnswer(_DROP[folded], remove=True)
    if folded in _SAME or folded in _DECIDE:
        return KeyAnswer(_absent(what))
    return None


def _absent(what: str) -> str:
    article = "" if what == "site.yaml" else "an " if what[0] in "aeiou" else "a "
    return f"remove it: {article}{what} has no such field"


_SITE_HINTS: dict[str, str] = {
    **_each(
        "theme themes themesdir dark darkmode colorscheme skin minimalmistakesskin",
        "remove it: `accent`, `fonts`, `style` and templates/ decide the look",
    ),
    **_each("favicon", "rename it to `icon`"),
    **_each(
        "outputdir publishdir destination outdir",
        "remove it: `slugline build --output DIR` decides where the site is written",
    ),
    **_each(
        "plugins markdown markup kramdown permalink permalinks taxonomies params build exclude"
        " include module highlighter defaults sass minify outputs integrations adapter",
        _CONTROL,
    ),
}


def _for_site(folded: str) -> KeyAnswer | None:
    return KeyAnswer(_SITE_HINTS[folded]) if folded in _SITE_HINTS else None
