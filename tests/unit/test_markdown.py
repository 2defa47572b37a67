"""Markdown bodies -> HTML: tables of what an editor writes and what stands in the page."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from builder.content.document import Document
from builder.content.markdown import code
from builder.content.markdown.comments import hide_comments
from builder.content.markdown.engine import render_body
from builder.language.typography import typographic
from builder.model.body import PAGE_ANCHORS
from builder.model.entity import CompanyNames
from support.pages import part, words
from support.sites import USUAL, brief, build_site, picture, problems, read, write_site
from support.work import steps_of

SCALE = CompanyNames("/companies/scale-ai/", ("Scale AI", "Scale"))
GOOGLE = CompanyNames("/companies/google/", ("Google",))
DEEPMIND = CompanyNames("/companies/google-deepmind/", ("Google DeepMind", "DeepMind"))
META = CompanyNames("/companies/meta/", ("Meta", "Facebook"))
TURN = CompanyNames("/companies/turn/", ("Let's Turn", "O’Turn"))
AMP = CompanyNames("/companies/amp/", ("A&B <Co>", "C++ (lab)"))
ALL = (SCALE, GOOGLE, DEEPMIND, META, TURN, AMP)


def render(
    text: str, language: str = "en-GB", companies: tuple[CompanyNames, ...] = ()
) -> tuple[str, list[str]]:
    """The HTML of a body, and the codes of what was wrong."""
    lines = text.split("\n")
    document = Document("content/briefs/a.md", {}, {}, text, 1, lines)
    document, unclosed = hide_comments(document)
    body, found = render_body(document, language, companies)
    return body.html, [d.code for d in [*unclosed, *found]]


def linked(text: str, companies: tuple[CompanyNames, ...] = ALL) -> str:
    """The body with `<company>` for each link to one: easier to read."""
    html, _ = render(text, companies=companies)
    return re.sub(r'<a href="/companies/([^"]*)/">(.*?)</a>', r"{\1: \2}", html, flags=re.DOTALL)


# --- company links -----------------------------------------------------------------------------

MENTIONS = [
    # The first mention, and only that.
    ("Scale AI and Scale AI.", "<p>{scale-ai: Scale AI} and Scale AI.</p>"),
    ("Scale and Scale AI.", "<p>{scale-ai: Scale} and Scale AI.</p>"),
    ("Scale AI.\n\nScale.", "<p>{scale-ai: Scale AI}.</p>\n<p>Scale.</p>"),
    ("Google and Meta.", "<p>{google: Google} and {meta: Meta}.</p>"),
    ("Facebook became Meta.", "<p>{meta: Facebook} became Meta.</p>"),
    # Whole words.
    ("Scaled, upScale, Scales.", "<p>Scaled, upScale, Scales.</p>"),
    ("Metaverse, Meta.", "<p>Metaverse, {meta: Meta}.</p>"),
    ("Google_x and xGoogle, Googlé.", "<p>Google_x and xGoogle, Googlé.</p>"),
    ("(Google), “Meta”!", "<p>({google: Google}), “{meta: Meta}”!</p>"),
    ("Google-backed", "<p>{google: Google}-backed</p>"),
    ("Google.", "<p>{google: Google}.</p>"),
    # Case is kept: `scale` is a word, `META` something else.
    ("At scale, META and google.", "<p>At scale, META and google.</p>"),
    # The longest name first, whichever company it means.
    ("Google DeepMind.", "<p>{google-deepmind: Google DeepMind}.</p>"),
    (
        "Google DeepMind and Google.",
        "<p>{google-deepmind: Google DeepMind} and {google: Google}.</p>",
    ),
    # Apostrophes, straight or not, in the text and in the name.
    ("Google's plan", "<p>{google: Google}’s plan</p>"),
    ("Google’s plan", "<p>{google: Google}’s plan</p>"),
    ("Let's Turn now", "<p>{turn: Let’s Turn} now</p>"),
    ("Let’s Turn now", "<p>{turn: Let’s Turn} now</p>"),
    ("O'Turn now", "<p>{turn: O’Turn} now</p>"),
    # Names with signs.
    ("A&B <Co> grows", "<p>{amp: A&amp;B &lt;Co&gt;} grows</p>"),
    ("The C++ (lab) opens", "<p>The {amp: C++ (lab)} opens</p>"),
    # Never in a heading; the text below has the first mention.
    ("## Google\n\nGoogle.", '<h2 id="google">Google</h2>\n<p>{google: Google}.</p>'),
    ("Google\n---\n\nGoogle.", '<h2 id="google">Google</h2>\n<p>{google: Google}.</p>'),
    # Never in a link.
    (
        "[Google says](https://x.example/). Google.",
        '<p><a href="https://x.example/" rel="external noopener">Google says</a>.'
        " {google: Google}.</p>",
    ),
    (
        "[**Google** says](https://x.example/). Google.",
        '<p><a href="https://x.example/" rel="external noopener"><strong>Google</strong> says</a>.'
        " {google: Google}.</p>",
    ),
    # Never in code.
    ("`Google` and Google.", "<p><code>Google</code> and {google: Google}.</p>"),
    (
        "    Google\n\nGoogle.",
        "<pre><code>Google\n</code></pre>\n<p>{google: Google}.</p>",
    ),
    # Never in a quotation's source; in the quotation itself it is.
    (
        "> We grow.\n>\n> — Sundar Pichai, Google\n\nGoogle.",
        "<blockquote>\n<p>We grow.</p>\n<footer>— Sundar Pichai, Google</footer>\n</blockquote>\n"
        "<p>{google: Google}.</p>",
    ),
    (
        "> We grow.\n>\n> -- Sundar Pichai, Google\n\nGoogle.",
        "<blockquote>\n<p>We grow.</p>\n<footer>– Sundar Pichai, Google</footer>\n</blockquote>\n"
        "<p>{google: Google}.</p>",
    ),
    ("> Google grows.", "<blockquote>\n<p>{google: Google} grows.</p>\n</blockquote>"),
    # In emphasis, lists, tables.
    ("**Google** and *Meta*", "<p><strong>{google: Google}</strong> and <em>{meta: Meta}</em></p>"),
    ("- Google", "<ul>\n<li>{google: Google}</li>\n</ul>"),
    ("~~Google~~", "<p><s>{google: Google}</s></p>"),
    # A name that an editor broke over two lines is the name.
    ("They left Scale\nAI. Scale AI.", "<p>They left {scale-ai: Scale\nAI}. Scale AI.</p>"),
]


@pytest.mark.parametrize(("text", "html"), MENTIONS)
def test_first_mention(text: str, html: str) -> None:
    assert linked(text) == html


def test_company_that_is_linked_by_hand_is_not_linked_again() -> None:
    html, _ = render("Google. [[Google]].", companies=ALL)
    assert html.count("<a ") == 1


def test_company_linked_by_address_is_not_linked_again() -> None:
    """`[Google](/companies/google/)` is a link to the company too."""
    html, _ = render("[Google](/companies/google/). Google.", companies=ALL)
    assert html.count("<a ") == 1


def test_only_listed_companies_are_linked() -> None:
    assert linked("Google and Meta.", (META,)) == "<p>Google and {meta: Meta}.</p>"
    assert linked("Google and Meta.", ()) == "<p>Google and Meta.</p>"


def test_mention_in_alternative_text(tmp_path: Path) -> None:
    (tmp_path / "content/media").mkdir(parents=True)
    (tmp_path / "content/media/a.png").write_bytes(picture(2, 1))
    write_site(tmp_path, brief("a", body='![Scale AI sign](/media/a.png "Scale AI")\n\nScale AI.'))
    build_site(tmp_path)
    page = read(tmp_path, "briefs/a/index.html")
    assert re.search(r'<img [^>]*alt="Scale AI sign" [^>]*><figcaption>Scale AI</figcaption>', page)
    assert '<p><a href="../../companies/scale-ai/">Scale AI</a>.</p>' in page


def test_mention_in_a_footnote_comes_after_the_text() -> None:
    """The text is read before its notes."""
    html = linked("A[^1]. Google.\n\n[^1]: Google.")
    assert "</sup>. {google: Google}.</p>" in html
    assert html.count("{google") == 1


# --- references --------------------------------------------------------------------------------

OTHERS = (
    brief("other", "“Other” & <more> of Scale AI", "## Part one\n\nText.", date="2025-06-10")
    + "=== content/topics/data.md\n---\nid: data2222\nname: Data labelling\naliases: [tagging]\n"
    "---\nA text.\n"
    + "=== content/people/wang.md\n---\nid: wang2222\nname: Alexandr Wang\n---\nA text.\n"
    + "=== content/pages/about.md\n---\ntitle: About us\n---\n## Who\n"
)

REFERENCES = [
    ("[[Google]]", "companies/google/", "Google"),
    ("[[google]]", "companies/google/", "google"),
    ("[[Facebook]]", "companies/meta/", "Facebook"),
    ("[[Scale]]", "companies/scale-ai/", "Scale"),
    ("[[Google|the giant]]", "companies/google/", "the giant"),
    ("[[Alexandr Wang]]", "people/wang/", "Alexandr Wang"),
    ("[[tagging]]", "topics/data/", "tagging"),
    ("[[company:google]]", "companies/google/", "Google"),
    ("[[company:Facebook]]", "companies/meta/", "Meta"),
    ("[[topic:data]]", "topics/data/", "Data labelling"),
    ("[[topic:Data labelling|it]]", "topics/data/", "it"),
    ("[[person:wang]]", "people/wang/", "Alexandr Wang"),
    ("[[page:about]]", "about/", "About us"),
    ("[[page:about#who]]", "about/#who", "About us"),
    ("[[brief:other]]", "briefs/other/", "“Other” &amp; &lt;more&gt; of Scale AI"),
    ("[[brief:other|that one]]", "briefs/other/", "that one"),
    ("[[brief:other|a & <b>]]", "briefs/other/", "a &amp; &lt;b&gt;"),
    ("[[ brief:other | that one ]]", "briefs/other/", "that one"),
    ("[[brief:other#part-one|part]]", "briefs/other/#part-one", "part"),
    ("[there](other.md)", "briefs/other/", "there"),
    ("[there](other.md#part-one)", "briefs/other/#part-one", "there"),
    ("[G](../companies/google.md)", "companies/google/", "G"),
    ("[page](../pages/about.md)", "about/", "page"),
    ("[there](/briefs/other/)", "briefs/other/", "there"),
    ("[there](/briefs/other/#part-one)", "briefs/other/#part-one", "there"),
    ("[deals](/deals/)", "deals/", "deals"),
    ("[front](/)", "", "front"),
    ("[feed](/feed.xml)", "feed.xml", "feed"),
]


@pytest.fixture(scope="module")
def references(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A page with every reference of the table, each in a paragraph of its own."""
    folder = tmp_path_factory.mktemp("references")
    body = "\n\n".join(f"N{n}: {written}." for n, (written, _, _) in enumerate(REFERENCES))
    write_site(
        folder,
        OTHERS
        + brief(
            "a",
            body=body,
            companies="[Scale AI, Google]",
            people="[Alexandr Wang]",
            topics="[tagging]",
        ),
    )
    found = [d for d in problems(folder) if d.path.endswith("/a.md")]
    assert not found
    build_site(folder)
    return read(folder, "briefs/a/index.html")


@pytest.mark.parametrize("number", range(len(REFERENCES)), ids=[r[0] for r in REFERENCES])
def test_reference(number: int, references: str) -> None:
    _, address, text = REFERENCES[number]
    assert f'<p>N{number}: <a href="../../{address}">{text}</a>.</p>' in references


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("[[Gogle]]", "unknown-name"),
        ("[[brief:nothing]]", "broken-link"),
        ("[[brief:other#nothing]]", "broken-link"),
        ("[[page:about#nothing]]", "broken-link"),
        ("[x](nothing.md)", "broken-link"),
        ("[x](other.md#nothing)", "broken-link"),
        ("[x](/briefs/other/#nothing)", "broken-link"),
        ("[x](/briefs/other)", "broken-link"),
        ("[x](/nothing/)", "broken-link"),
        ("[x](#nothing)", "broken-link"),
        ("[x](nothing)", "invalid-link"),
        ("[x]()", "invalid-link"),
        ("[x](//x.example/)", "invalid-link"),
        ("[x](javascript:alert)", "unsafe-link"),
        ("[x](data:text/html,x)", "unsafe-link"),
        ("![x](/media/nothing.png)", "missing-media"),
        ("![x](http://x.example/x.png)", "invalid-media"),
    ],
)
def test_reference_that_leads_nowhere(written: str, code: str, tmp_path: Path) -> None:
    write_site(tmp_path, OTHERS + brief("a", body=f"Text {written}."))
    found = [d for d in problems(tmp_path) if d.path.endswith("/a.md")]
    assert [(d.code, d.severity, d.line) for d in found] == [(code, "error", 9)]
    assert found[0].column > 5, "the place is that of the link"


@pytest.mark.parametrize("text", ["`[[Google]]`", "    [[Google]]", "\\[[Google]]", "[[]]"])
def test_what_is_no_reference(text: str) -> None:
    html, found = render(text)
    assert "<a " not in html and "\0" not in html and not found


# --- typography --------------------------------------------------------------------------------

QUOTES = [
    ("en-GB", "“a” ‘b’"),
    ("de", "„a“ ‚b‘"),
    ("nl", "“a” ‘b’"),
    ("fr", "«\u202fa\u202f» ‹\u202fb\u202f›"),
    ("es", "«a» “b”"),
    ("pl", "„a” ‚b’"),
    ("sv", "”a” ’b’"),
    ("ja", "「a」 『b』"),
    ("zh", "“a” ‘b’"),
]


@pytest.mark.parametrize(("language", "html"), QUOTES)
def test_quotation_marks_by_language(language: str, html: str) -> None:
    assert render("\"a\" 'b'", language)[0] == f"<p>{html}</p>"
    assert typographic("\"a\" 'b'", language) == html


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("It's", "It’s"),
        ("a -- b", "a – b"),
        ("a --- b", "a — b"),
        ("2024--25", "2024–25"),
        ("a-b", "a-b"),
        ("----", "----"),
        ("wait...", "wait…"),
        ("(c) (r) (tm) +-", "(c) (r) (tm) +-"),
        ('"It\'s "in" it"', "“It’s “in” it”"),
    ],
)
def test_typography(text: str, made: str) -> None:
    """The same in a body and in a line of front matter."""
    assert typographic(text, "en") == made
    if text != "----":
        assert render(f"x {text}", "en")[0] == f"<p>x {made}</p>"


N, W = "\u202f", "\u00a0"


@pytest.mark.parametrize(
    ("language", "text", "made"),
    [
        ("en", "'Tis 'twas rock 'n' roll, 'em", "’Tis ’twas rock ’n’ roll, ’em"),
        ("en", "'Tis said 'so'", "’Tis said ‘so’"),
        ("en", "class of '24 and the '90s", "class of ’24 and the ’90s"),
        ("en", "'24 hours later' it was '24", "‘24 hours later’ it was ’24"),
        ("en", "the Joneses' 'house'", "the Joneses’ ‘house’"),
        ("nl", "'s Ochtends zei Lucas' baas 'ja'", "’s Ochtends zei Lucas’ baas ‘ja’"),
        ("nl", "'t is 'n 'test'", "’t is ’n ‘test’"),
        ("de", "'s ist 'ne 'Sache'", "’s ist ’ne ‚Sache‘"),
        ("it", "la 'ndrangheta e 'così'", "la ’ndrangheta e “così”"),
        ("fr", 'Il dit : "oui" ; vrai ? Non !', f"Il dit{W}: «{N}oui{N}»{N}; vrai{N}? Non{N}!"),
        ("fr", "« oui »", f"«{N}oui{N}»"),
        ("fr-CA", "« oui » ! Là : non", f"«{W}oui{W}» ! Là{W}: non"),
        ("fr-CH", 'a "b"', f"a «{N}b{N}»"),
        ("fr", "/path ?a=1 :) !important", "/path ?a=1 :) !important"),
        ("en", "Wait ! So ?", "Wait ! So ?"),
        ("pt-PT", "\"a\" 'b'", "«a» “b”"),
        ("zh", '他说"重要"。', "他说“重要”。"),
        ("zh-TW", '他說"重要的"和"好"。', "他說「重要的」和「好」。"),
        ("ja", '彼は"重要"と"安全"を', "彼は「重要」と「安全」を"),
        ("ar", '"a"', "«a»"),
    ],
)
def test_marks_and_spaces_of_languages(language: str, text: str, made: str) -> None:
    assert typographic(text, language) == made
    assert render(f"x {text}", language)[0].replace(' dir="ltr"', "") == f"<p>x {made}</p>"


def test_spaces_of_code_and_addresses_stay() -> None:
    html, _ = render("`a ? b` et <https://x.example/a?b=!> et [a](/b?c=! 'd ?')", "fr")
    assert "<code>a ? b</code>" in html
    assert "/a?b=!" in html


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ('"One.\n\n"Two."', "<p>“One.</p>\n<p>“Two.”</p>"),
        (
            'Ann: "One *so*.\n\n"Two.\n\n"Three."',
            "<p>Ann: “One <em>so</em>.</p>\n<p>“Two.</p>\n<p>“Three.”</p>",
        ),
        ('"One.\n\nTwo', "<p>&quot;One.</p>\n<p>Two</p>"),
        ('"One.\n\n## "Two"', '<p>&quot;One.</p>\n<h2 id="two">“Two”</h2>'),
        ('> "One.\n>\n> "Two."', "<blockquote>\n<p>“One.</p>\n<p>“Two.”</p>\n</blockquote>"),
    ],
)
def test_a_quotation_of_several_paragraphs_repeats_its_mark(text: str, html: str) -> None:
    assert render(text, "en")[0] == html


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("**「重要」**です", "<strong>「重要」</strong>です"),
        ("これは**「重要」**です。", "これは<strong>「重要」</strong>です。"),
        ("これは**重要。**次に", "これは<strong>重要。</strong>次に"),
        ("他说**“重要”**的事", "他说<strong>“重要”</strong>的事"),
        ("*（注）*は", "<em>（注）</em>は"),
        ("**(参考)**です", "<strong>(参考)</strong>です"),
        ("**[a](/b)**です", None),
        ("**스크립트(script)**라고", "<strong>스크립트(script)</strong>라고"),
        ("2 * 3 * 4 です", "2 * 3 * 4 です"),
        ("** 重要**", "** 重要**"),
        ('a**"b"**c', "a**“b”**c"),
    ],
)
def test_emphasis_beside_the_punctuation_of_east_asia(text: str, html: str | None) -> None:
    found = render(text, "zh" if "他" in text else "en")[0]
    if html is None:
        assert found.startswith("<p><strong><a ")
    else:
        assert found == f"<p>{html}</p>"


def test_code_keeps_its_signs() -> None:
    html, _ = render('`"a" -- b...` and\n\n    "c" -- d...')
    assert "<code>&quot;a&quot; -- b...</code>" in html
    assert "<code>&quot;c&quot; -- d...\n</code>" in html


# --- blocks ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "part_of_it"),
    [
        ("~~gone~~", "<s>gone</s>"),
        ("*a* **b** ***c***", "<em>a</em> <strong>b</strong> <em><strong>c</strong></em>"),
        ("a  \nb", "a<br>\nb"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"),
        ("3. a", '<ol start="3">\n<li>a</li>\n</ol>'),
        ("| a | b |\n|---|--:|\n| 1 | 2 |", "<th>a</th>"),
        ("| | b |\n|---|--:|\n| 1 | 2 |", '<td></td>\n<th class="right">b</th>'),
        ("| a | b |\n|---|--:|\n| 1 | 2 |", 'tabindex="0"'),
        ("| a | b |\n|---|--:|\n| 1 | 2 |", "</table>\n</div>"),
        ("```py\nx < y\n```", '<code class="language-py">x &lt; y\n</code>'),
        ("&amp; &lt; &copy;", "&amp; &lt; ©"),
        ("---", "<hr>"),
        ("<https://x.example/>", 'rel="external noopener">https://x.example/</a>'),
    ],
)
def test_block(text: str, part_of_it: str) -> None:
    assert part_of_it in render(text)[0].replace(" />", ">")


@pytest.mark.parametrize(
    ("address", "rel"),
    [
        ("https://x.example/", True),
        ("HTTP://x.example/", True),
        ("mailto:a@x.example", False),
        ("tel:+31201234567", False),
        ("/about/", False),
        ("#here", False),
    ],
)
def test_rel_of_external_links(address: str, rel: bool) -> None:
    html, _ = render(f"[x]({address})")
    assert ('rel="external noopener"' in html) is rel


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "a <b>b</b> c",
        "<div onclick='x()'>\n\nb\n\n</div>",
        "<!-- note -->",
        "<img src=x onerror=alert(1)>",
        '[x](https://x.example/"onmouseover=alert(1))',
        '![x" onerror="alert(1)](/media/a.png)',
        "`<script>`",
        '[[a" onclick="b]]',
        "<svg/onload=alert(1)>",
        "&lt;script&gt;",
    ],
)
def test_raw_html_is_shown_as_text(text: str) -> None:
    """Nothing that an editor writes becomes an element or an attribute of its own."""
    html, _ = render(text)
    for tag in re.findall(r"<[^>]*>", html):
        assert re.fullmatch(
            r'</?(p|code|pre)>|<a href="[^"]*"( rel="[^"]*")?>|</a>'
            r'|<img src="[^"]*" alt="[^"]*" loading="lazy">',
            tag,
        ), tag


def test_raw_html_is_reported() -> None:
    assert render("a <b>b</b>")[1] == ["raw-html"]
    assert render("`<b>` and 1 < 2 > 1")[1] == []


def linked_to(text: str) -> list[str]:
    """The addresses of a text that became links to other sites."""
    return re.findall(r'<a href="([^"]*)" rel', render(text)[0])


@pytest.mark.parametrize(
    ("text", "addresses"),
    [
        # Before what belongs to the sentence, in any script.
        ("See https://e.example/a, or https://e.example.", ["https://e.example/a", "https://e.example"]),
        ("Is it https://e.example/a?b=c#d?!", ["https://e.example/a?b=c#d"]),
        ("“https://e.example/a” «https://e.example/b»", ["https://e.example/a", "https://e.example/b"]),
        ("見https://e.example/a。次に（https://e.example/b）", ["https://e.example/a", "https://e.example/b"]),
        # A letter of any script belongs to it; punctuation ends it also where no space follows.
        ("https://e.example/東京", ["https://e.example/%E6%9D%B1%E4%BA%AC"]),
        ("https://e.example/市。 https://e.example/市！次", ["https://e.example/%E5%B8%82"] * 2),
        ("https://e.example/AI市」、https://e.example/市，次", ["https://e.example/AI%E5%B8%82", "https://e.example/%E5%B8%82"]),
        ("《https://e.example/あ・ー》：https://e.example/글；",
         ["https://e.example/%E3%81%82%E3%83%BB%E3%83%BC", "https://e.example/%EA%B8%80"]),
        ("https://例え.jp/テ。 https://例え.jpを見る", ["https://xn--r8jz45g.jp/%E3%83%86", "https://xn--r8jz45g.jp"]),
        ("https://e.example/a، https://e.example/b؟", ["https://e.example/a", "https://e.example/b"]),
        ("https://e.example/a। https://e.example/b…", ["https://e.example/a", "https://e.example/b"]),
        # Brackets that it opens itself stay.
        ("(https://e.example/Foo_(bar))", ["https://e.example/Foo_(bar)"]),
        ("[https://e.example/a[0]]", ["https://e.example/a%5B0%5D"]),
        # Signs of Markdown in an address are no markup; around it they are.
        ("https://e.example/a_b_c*d*~e~~f~~", ["https://e.example/a_b_c*d*~e~~f"]),
        ("**https://e.example/a** _https://e.example/b_", ["https://e.example/a", "https://e.example/b"]),
        ("https://e.example/?a=1&b=2&amp;c=3", ["https://e.example/?a=1&amp;b=2&amp;c=3"]),
        ("https://e.example/a&quot;&gt; b", ["https://e.example/a"]),
        ("https://e.example/a--b", ["https://e.example/a--b"]),
        ("HTTPS://E.example/a", ["HTTPS://E.example/a"]),
        ("https://例え.jp/a https://пример.рф/тест", [
            "https://xn--r8jz45g.jp/a",
            "https://xn--e1afmkfd.xn--p1ai/%D1%82%D0%B5%D1%81%D1%82",
        ]),
        # In blocks of each kind.
        ("| https://e.example/a |\n|---|\n| https://e.example/b |", ["https://e.example/a", "https://e.example/b"]),
        ("- https://e.example/a\n\n> https://e.example/b", ["https://e.example/a", "https://e.example/b"]),
        # A link already, code, or not an address that a reader could follow.
        ("[https://e.example/a](https://e.example/b)", ["https://e.example/b"]),
        ("<https://e.example/a--b>", ["https://e.example/a--b"]),
        ("![https://e.example/a](/media/a.png)", []),
        ("`https://e.example/a`\n\n    https://e.example/b", []),
        ("https:// https://localhost/ http://10.0.0.1/ hhttps://e.example/ xhttp://e.example", []),
        ("https://user:word@e.example/ \\https://e.example/ ftp://e.example", []),
        ('<a href="https://e.example/a">', []),
        ("[[https://e.example]]", []),
    ],
)  # fmt: skip
def test_bare_address(text: str, addresses: list[str]) -> None:
    assert linked_to(text) == addresses


@pytest.mark.parametrize("n", [20, 21, 45])
def test_counts_all_unread_markup(n: int) -> None:
    document = Document("content/briefs/a.md", {}, {}, "", 1, [])
    body = "a **open b\n" * (n - 1) + "\n```\nq"
    document = document._replace(body=body, lines=body.split("\n"))
    found = [d.message for d in render_body(document, "en-GB", ())[1]]
    assert len(found) == min(n, 21)
    assert any("has no end" in message for message in found[:20])
    more = f"{n - 20} more place{'s' if n > 21 else ''} with markup"
    assert found[-1].startswith(more) == (n > 20)


def test_text_of_an_address_is_the_address() -> None:
    """Dashes, and names of companies, are not replaced in it."""
    html, _ = render("https://e.example/Google--Meta and Google", companies=ALL)
    assert ">https://e.example/Google--Meta</a> and <a" in html


COMMENTS = [
    ("<b>One</b> <!-- TODO: ask legal --> text.", "<p>&lt;b&gt;One&lt;/b&gt; text.</p>"),
    ("a<!-- x -->b <!-- y -->", "<p>ab</p>"),
    ("a <!-- x\n\n- y\n-->b", "<p>a b</p>"),
    ("a\n<!-- x -->\nb", "<p>a\nb</p>"),
    ("<!-->a<!---->b", "<p>ab</p>"),
    ("<!-- only -->", ""),
    # The rest of the line does not become a line break, code or another block.
    ("a <!-- x -->\nb", "<p>a\nb</p>"),
    ("<!-- x -->     a", "<p>a</p>"),
    ("a\n\n<!-- x\ny -->     b", "<p>a</p>\n<p>b</p>"),
    # In every kind of block.
    ("## A <!-- x\ny -->\nb", '<h2 id="a">A</h2>\n<p>b</p>'),
    ("- a\n<!-- x -->\n- <!-- y -->\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"),
    ("- <!-- x -->\n  a", "<ul>\n<li>a</li>\n</ul>"),
    ("> a\n> <!-- x -->\n> b", "<blockquote>\n<p>a\nb</p>\n</blockquote>"),
    ("<!-- x -->\n[r]: /x/\n\n[r]", '<p><a href="/x/">r</a></p>'),
    # Shown in code and after a backslash, but not if a comment is what opens the code.
    ("`<!-- x -->` <!-- ` -->`a`", "<p><code>&lt;!-- x --&gt;</code> <code>a</code></p>"),
    ("``a ` <!-- x -->``", "<p><code>a ` &lt;!-- x --&gt;</code></p>"),
    ("a ` b <!-- x -->", "<p>a ` b</p>"),
    ("```\n<!-- x -->\n```", "<pre><code>&lt;!-- x --&gt;\n</code></pre>"),
    ("    <!-- x -->", "<pre><code>&lt;!-- x --&gt;\n</code></pre>"),
    (
        "<!--\n```\n-->\na\n\n~~~\n<!-- x -->\n~~~",
        "<p>a</p>\n<pre><code>&lt;!-- x --&gt;\n</code></pre>",
    ),
    (
        "- a\n\n      <!-- x -->\n\n  <!-- y -->b",
        "<ul>\n<li>\n<p>a</p>\n<pre><code>&lt;!-- x --&gt;\n</code></pre>\n<p>b</p>\n</li>\n</ul>",
    ),
    (r"\\\<!-- a", r"<p>\&lt;!– a</p>"),
    (r"\\<!-- x -->a", r"<p>\a</p>"),
]


@pytest.mark.parametrize(("text", "html"), COMMENTS)
def test_comments_are_dropped(text: str, html: str) -> None:
    assert render(text) == (html, ["raw-html"] if "<b>" in text else [])


def test_comment_in_a_cell() -> None:
    html, _ = render("| a | b |\n|---|---|\n| c <!-- x | y --> | d |")
    assert "<td>c</td>\n<td>d</td>" in html and "x" not in re.sub("<[^>]*>", "", html)


def test_thousands_of_comments_take_no_longer_than_their_text(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The code in a text with comments across lines is not searched anew for each of them."""
    parsed, leaves = [], code._leaves

    def counted(body: str, html: bool) -> object:
        parsed.append(len(body))
        return leaves(body, html)

    monkeypatch.setattr(code, "_leaves", counted)
    text = "a `b` <!-- x\n\ny --> c\n\n" * 3000
    html, found = render(text)
    assert len(parsed) <= 20
    assert html.count("<p>a <code>b</code> c</p>") == 3000 and not found


def test_footnotes() -> None:
    html, _ = render("A[^x] b[^y] c[^x].\n\n[^x]: First.\n[^y]: Second, *more*.")
    assert html.count('<li id="fn') == 2
    for number, mark in (("1", "1"), ("2", "2"), ("1", "1-1")):
        assert f'<a href="#fn{number}" id="fnref{mark}">{number}</a>' in html
        assert f'<a href="#fnref{mark}" class="footnote-back"' in html
    ids = re.findall(r'id="([^"]*)"', html)
    assert len(ids) == len(set(ids))
    assert all(f'id="{target}"' in html for target in re.findall(r'href="#([^"]*)"', html))
    assert re.search(r'<section class="footnotes" aria-label="[^"]+">\n<ol>', html)


def test_back_links_of_notes_have_names_of_their_own() -> None:
    """WCAG 2.4.4: what a link is for can be told from its name."""
    html, _ = render("A[^x] b[^y].\n\n[^x]: First.\n[^y]: Second.")
    labels = re.findall(r'aria-label="(Back[^"]*)"', html)
    assert len(labels) == len(set(labels)) == 2


# --- headings ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("headings", "anchors"),
    [
        (["One", "Two"], ["one", "two"]),
        (["One", "One", "One"], ["one", "one-2", "one-3"]),
        (["One", "One 2", "One"], ["one", "one-2", "one-3"]),
        (["Báo Dân trí", "Đà Nẵng"], ["bao-dan-tri", "da-nang"]),
        (["新闻", "!", "?"], ["xin-wen", "section", "section-2"]),
        (["R&D `code`"], ["r-and-d-code"]),
        (["[[Google]] grows"], ["google-grows"]),
        (["A [link](/deals/) here"], ["a-link-here"]),
        (["It's"], ["its"]),
    ],
)
def test_heading_anchors(headings: list[str], anchors: list[str]) -> None:
    html, _ = render("\n\n".join(f"## {heading}" for heading in headings))
    assert re.findall(r'<h2 id="([^"]*)"', html) == anchors


@pytest.mark.parametrize("anchor", PAGE_ANCHORS)
def test_heading_keeps_clear_of_the_pages_own_anchors(anchor: str) -> None:
    html, _ = render(f"## {anchor.replace('-', ' ')}")
    (found,) = re.findall(r'id="([^"]*)"', html)
    assert found == f"{anchor}-2"


def test_headings_and_notes_share_no_id() -> None:
    html, _ = render("## fn1\n\n## fnref1\n\nA[^1].\n\n[^1]: Note.")
    ids = re.findall(r'id="([^"]*)"', html)
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize(
    ("text", "tags", "found"),
    [
        ("# One", ["h2"], ["heading-level"]),
        ("## One\n\n### Two\n\n## Three", ["h2", "h3", "h2"], []),
        ("### One", ["h3"], ["heading-level"]),
        ("## One\n\n#### Two", ["h2", "h4"], ["heading-level"]),
    ],
)
def test_heading_levels(text: str, tags: list[str], found: list[str]) -> None:
    html, codes = render(text)
    assert re.findall(r"<(h\d)", html) == tags
    assert codes == found


# --- pictures ----------------------------------------------------------------------------------


def test_pictures_have_their_size(tmp_path: Path) -> None:
    """A page does not jump while they load; and they load when they are seen."""
    (tmp_path / "content/media/2025").mkdir(parents=True)
    (tmp_path / "content/media/2025/sign.png").write_bytes(picture(640, 1, 480))
    text = brief("a", body="![A “sign” & more](/media/2025/sign.png)")
    write_site(tmp_path, text)
    build_site(tmp_path)
    assert ' width="640" height="480" alt="A “sign” &amp; more" loading="lazy"></picture>' in read(
        tmp_path, "briefs/a/index.html"
    )
    assert (tmp_path / "output/media/2025/sign.png").read_bytes() == picture(640, 1, 480)


def test_pictures_on_other_sites(tmp_path: Path) -> None:
    """They load when they are seen, tell the other site nothing of the page, and have the size that
    the editor gave; the content policy lets them in, and feeds and previews of links have them."""
    url = "https://cdn.example/a%20b.jpg?x=1&y=2"
    site = USUAL.replace("author: desk\n", "trusted: [https://cdn.example]\nhosting: netlify\n")
    image = f"{{file: '{url}', alt: A sign, credit: R, width: 640, height: 480}}"
    body = f"![A “sign”]({url}#320x240) ![B](https://cdn.example/b.jpg)"
    write_site(tmp_path, site + brief("a", body=body, image=image))
    result = build_site(tmp_path)
    assert not result.problems
    page, told = read(tmp_path, "briefs/a/index.html"), url.replace("&", "&amp;")
    assert (
        f'''<img src="{told}" width="320" height="240" referrerpolicy="no-referrer" alt="A '''
        in page
    )
    assert (
        '<img src="https://cdn.example/b.jpg" referrerpolicy="no-referrer" alt="B" loading' in page
    )
    top = (
        f'<img src="{told}" alt="A sign" width="640" height="480" referrerpolicy="no-referrer"'
        ' fetchpriority="high">'
    )
    assert top in page
    cropped = top.replace(" referrer", ' class="cropped" referrer')
    assert cropped in read(tmp_path, "index.html")
    assert f'<meta property="og:image" content="{told}">' in page
    assert '"image": "https://cdn.example/a%20b.jpg?x=1' in page
    feed = read(tmp_path, "feed.xml")
    assert f'<media:content url="{told}" medium="image" width="640" height="480">' in feed
    assert feed.count(f'<img src="{told}"') == 2
    assert "img-src 'self' https://cdn.example;" in read(tmp_path, "_headers")
    (tmp_path / "site.yaml").write_text(
        (tmp_path / "site.yaml").read_text("utf-8").replace("cdn.example", "other.example"), "utf-8"
    )
    assert [p.code for p in problems(tmp_path)] == ["untrusted-picture"] * 3


IMG = '<img src="\0{}\0" alt="A" loading="lazy">'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            '![A](/media/a.png "It\'s \\"on\\" -- the <sign> | A. & B. Example")',
            f"<figure>{IMG.format(0)}<figcaption>It’s “on” – the &lt;sign&gt;"
            ' <span class="credit">Picture: A. &amp; B. Example</span></figcaption></figure>',
        ),
        (
            '![A](/media/a.png "Either | or | R")',
            f"<figure>{IMG.format(0)}<figcaption>Either | or"
            ' <span class="credit">Picture: R</span></figcaption></figure>',
        ),
        (
            '![A](/media/a.png "| R")',
            f'<figure>{IMG.format(0)}<figcaption><span class="credit">Picture: R</span>'
            "</figcaption></figure>",
        ),
        (
            '> ![A](/media/a.png "Only a caption")',
            f"<blockquote>\n<figure>{IMG.format(0)}<figcaption>Only a caption</figcaption>"
            "</figure>\n</blockquote>",
        ),
        ("![A](/media/a.png)", f"<p>{IMG.format(0)}</p>"),
        (
            '![A](/media/a.png " | ")',
            f"""<p>{IMG.format(0).replace(" load", ' title=" | " load')}</p>""",
        ),
        (
            'Text ![A](/media/a.png "The sign")',
            f"""<p>Text {IMG.format(0).replace(" load", ' title="The sign" load')}</p>""",
        ),
        (
            '- ![A](/media/a.png "The sign")',
            f"""<ul>\n<li>{IMG.format(0).replace(" load", ' title="The sign" load')}</li>\n</ul>""",
        ),
    ],
)
def test_a_picture_with_a_caption_that_stands_alone_is_a_figure(text: str, expected: str) -> None:
    assert render(text) == (expected, [])


def test_picture_without_alternative_text_is_reported() -> None:
    assert render("![](/media/a.png)")[1] == ["image-without-alt"]


# --- law 2 -------------------------------------------------------------------------------------


def body_of(folder: Path) -> str:
    build_site(folder)
    page = read(folder, "briefs/a/index.html").replace("../../", "/")
    return page[page.index('<div class="prose e-content">') :].partition("</div>")[0]


def test_html_depends_on_the_file_and_its_companies_only(tmp_path: Path) -> None:
    """Law 2: unlisted companies, other briefs, people and topics may come and go."""
    body = "Scale AI, Google, Meta and Ann Other met. Else Corp came."
    before = write_site(tmp_path / "1", brief("a", body=body))
    after = write_site(
        tmp_path / "2",
        brief("a", body=body)
        + brief("b", "Google and Scale AI", companies="[Google]", people="[Ann Other]")
        + "=== content/companies/else.md\n---\nid: else2222\nname: Else Corp\n---\n"
        + "=== content/companies/google.md\n---\nid: goog2222\nname: Google\naliases: [met]\n---\n"
        + "=== content/people/ann.md\n---\nid: anna2222\nname: Ann Other\n---\n",
    )
    assert body_of(before) == body_of(after)
    assert body_of(before).count("<a ") == 1


def test_html_follows_a_listed_companys_names(tmp_path: Path) -> None:
    text = brief("a", body="Scala was here.")
    before = write_site(tmp_path / "1", text)
    alias = "=== content/companies/scale-ai.md\n---\nname: Scale AI\naliases: [Scala]\n---\n"
    after = write_site(tmp_path / "2", text + alias)
    assert "<a " not in body_of(before)
    assert '<a href="/companies/scale-ai/">Scala</a>' in body_of(after)


def test_language_of_a_brief_decides_its_quotation_marks(tmp_path: Path) -> None:
    text = brief("a", "'\"Scale AI\" hires'", 'He said "yes".', lang="de", why="'\"Ja\"'")
    write_site(tmp_path, text)
    build_site(tmp_path)
    page = read(tmp_path, "briefs/a/index.html")
    assert "„Scale AI“ hires" in page
    assert "He said „yes“." in page
    assert "„Ja“" in words(part(page, "why"))


def test_same_text_in_any_order_of_companies() -> None:
    """The result does not hang on the order in which a brief lists its companies."""
    text = "Google DeepMind, Google, Scale AI, Facebook."
    assert len({linked(text, order) for order in (ALL, ALL[::-1], ALL[2:] + ALL[:2])}) == 1


# --- long texts --------------------------------------------------------------------------------

# What stands thousands of times in one paragraph, and is looked for or numbered each time.
LONG = [
    "See [page {n}](/briefs/p{n}/) there.\n",
    "See [page](/about/) there.\n",
    "See [page {n}][r{n}].\n\n[r{n}]: /briefs/p{n}/\n\n",
    "See [[Company {n}]] there.\n",
    "See [page {n}](wrong{n}) there.\n",
    "A <b{n}> tag.\n",
    "![A sign](/media/{n}.png)\n",
    "## Same\n\n",
]


@pytest.mark.parametrize("line", LONG)
def test_long_texts_take_steps_in_proportion(line: str) -> None:
    """Twice the text takes twice the steps: nothing is looked for from the top each time."""
    short, long = ("".join(line.format(n=n) for n in range(count)) for count in (400, 800))
    render(short)
    assert steps_of(lambda: render(long)) < 2.3 * steps_of(lambda: render(short))


def test_each_of_many_links_has_its_own_place() -> None:
    text = "See [a](/a/) and [b](/ab/), [a](/a/).\n`](/c/)` and\n[c](/c/), [a](/a/).\n"
    document = Document("content/briefs/a.md", {}, {}, text, 5, [""] * 4 + text.split("\n"))
    body, _ = render_body(document, "en")
    assert [(link.address, link.place.line, link.place.column) for link in body.links] == [
        ("/a/", 5, 9), ("/ab/", 5, 22), ("/a/", 5, 33), ("/c/", 7, 5), ("/a/", 7, 15),
    ]  # fmt: skip
