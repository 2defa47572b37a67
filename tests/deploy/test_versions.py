"""Versions of briefs: what a release records, and changes that readers are not told."""

from __future__ import annotations

import os
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace

from builder.content.version_changes import judged
from builder.content.version_words import decode_words, encode_words
from builder.deploy.archive import ReleaseArchive
from builder.deploy.release import (
    FOLDER,
    Release,
    decode_release,
    encode_release,
    word_digests,
    words_path,
)
from builder.deploy.versions import bounded, published_briefs
from builder.engine.options import Options
from builder.model.version import MOST, Version, VersionWords
from support import deploys
from support.deploys import branch, run, s3, site_of
from support.sites import brief, write_site

__all__ = ["s3"]
TO = "  live: {kind: folder, to: ../www/news}\n"


def rebuild(site: Path, text: str) -> None:
    deploys.rebuild(site, text, announced=False)


def story(words: str = "Scale AI sold 14 per cent of its shares.", **fields: str) -> str:
    return brief("one", body=words, **{"title": "Scale AI one", **fields})


@pytest.fixture
def site(tmp_path: Path) -> Path:
    text = story() + brief("two", "Scale AI two", date="2025-06-16 09:00")
    return site_of(tmp_path / "site", TO, text)


def deploy(site: Path, *arguments: str, code: int = 0) -> str:
    return run(site, "deploy", "live", "--yes", *arguments, code=code).output


def live(site: Path) -> Release:
    release = ReleaseArchive(site, "live")
    found = release.read_record(release.releases()[-1])
    assert found is not None
    return found


def words_of(site: Path, identity: str, number: int = -1) -> str:
    """The words of a version that the target has."""
    digest = live(site).versions[identity][number].digest
    place = site.parent / "www/news.releases" / words_path(digest).removeprefix(f"{FOLDER}/")
    words = decode_words(place.read_bytes())
    assert words is not None
    return " | ".join(part.text for part in words.parts)


def test_a_silent_change_is_refused_with_the_words_before_and_after(site: Path) -> None:
    deploy(site)
    assert words_of(site, "id-one").startswith("Scale AI one | ")
    rebuild(site, story("Scale AI sold 49 per cent of its shares."))
    plan = run(site, "deploy", "live", "--plan", code=3).output
    assert "silent-change: 1 published brief would change without `updated`" in plan
    assert "    content/briefs/one.md:\n      paragraph 1\n" in plan
    assert "was: Scale AI sold 14 per cent of its shares." in plan
    assert "now: Scale AI sold 49 per cent of its shares." in plan
    assert plan == deploy(site, code=3)

    # An entry in `corrections`, or a later `updated`, announces it.
    rebuild(site, story("Scale AI sold 49 per cent of its shares.", updated="2025-06-20"))
    deploy(site)
    assert len(live(site).versions["id-one"]) == 2
    assert len(live(site).versions["id-two"]) == 1
    rebuild(site, story("Scale AI sold 50 per cent of its shares.", updated="2025-06-20"))
    deploy(site, code=3)
    note = "[{at: 2025-06-21, kind: factual, was: 49, now: 50 per cent}]"
    rebuild(
        site,
        story("Scale AI sold 50 per cent of its shares.", updated="2025-06-20", corrections=note),
    )
    deploy(site)
    assert words_of(site, "id-one", 0) != words_of(site, "id-one", 1) != words_of(site, "id-one")
    assert live(site).versions["id-one"][-1].corrections == ("2025-06-21 factual",)


def test_a_reason_lets_it_pass_and_is_kept(site: Path) -> None:
    deploy(site)
    rebuild(site, story("Scale AI sold 49 per cent of its shares."))
    assert "belong together" in deploy(site, "--allow", "silent-change", code=2)
    assert "belong together" in deploy(site, "--reason", "A slip", code=2)
    assert "shorten" in deploy(site, "--allow", "silent-change", "--reason", "x" * 501, code=2)
    deploy(site, "--allow", "silent-change", "--reason", " A slip \n of minutes ")
    assert live(site).reason == live(site).versions["id-one"][-1].reason == "A slip of minutes"
    assert live(site).versions["id-two"][-1].reason == ""


@pytest.mark.parametrize(
    "text",
    [
        "Scale AI *sold* 14 per cent of its [shares](https://example.com/).",
        "Scale AI sold  14 per cent  of its shares .",
    ],
)
def test_markup_and_spaces_make_no_version(site: Path, text: str) -> None:
    deploy(site)
    before = live(site).versions
    rebuild(site, story(text))
    deploy(site)
    assert live(site).versions == before


def test_spelling_makes_a_version_without_a_word(site: Path) -> None:
    rebuild(site, story("Scale AI sold shares to the goverment."))
    deploy(site)
    rebuild(site, story("Scale AI sold shares to the government."))
    deploy(site)
    assert len(live(site).versions["id-one"]) == 2


def test_a_new_renamed_withdrawn_expired_or_unpublished_brief_is_no_silent_change(
    site: Path,
) -> None:
    deploy(site)
    # Renamed, with the same id: its words are compared.
    (site / "content/briefs/one.md").rename(site / "content/briefs/uno.md")
    rebuild(site, brief("uno", "Scale AI one", id="id-one", redirects="[one]", body="Not so."))
    assert "content/briefs/uno.md:" in deploy(site, code=3)
    rebuild(
        site,
        brief(
            "uno", "Scale AI one", id="id-one", redirects="[one]", body="Not so.",
            status="withdrawn", withdrawn_because="It was wrong.",
        )
        + brief("new", "Scale AI new"),
    )  # fmt: skip
    deploy(site)
    assert words_of(site, "id-one") == "Scale AI one | It was wrong."
    assert len(live(site).versions["id-one"]) == 2
    # Without a word of what it said: no trace of it is left on the target.
    gone = {version.digest for version in live(site).versions["id-one"]}
    rebuild(
        site,
        brief(
            "uno", "Scale AI one", id="id-one", redirects="[one]", body="Not so.",
            status="withdrawn", withdrawn_because="It was wrong.", withdrawn="{show: nothing}",
        )
        + brief("new", "Scale AI new", expires="2025-06-30", body="Other words."),
    )  # fmt: skip
    deploy(site, "--allow", "removed-addresses", "--allow", "older")
    assert live(site).versions.keys() == {"id-two"}
    folder = site.parent / "www/news.releases/words"
    stored = {f"{file.parent.name}{file.stem}" for file in folder.glob("*/*")}
    assert stored == {*word_digests(live(site).versions)}
    assert not stored & gone


def test_drafts_and_previews_leave_no_words(site: Path) -> None:
    with (site / "site.yaml").open("a") as file:
        file.write("  test: {kind: folder, to: ../www/test, url: https://t.test, preview: true}\n")
    rebuild(
        site,
        brief("draft", "Scale AI draft", status="draft")
        + brief("later", "Scale AI later", date="2031-01-01 09:00"),
    )
    deploy(site)
    assert live(site).versions.keys() == {"id-one", "id-two"}
    run(site, "build", "--preview", "--drafts")
    run(site, "deploy", "test", "--yes", "--no-check")
    archive = ReleaseArchive(site, "test")
    record = archive.read_record(archive.releases()[-1])
    assert record is not None
    assert record.versions == {}
    assert not (site.parent / "www/test.releases/words").exists()


def test_a_rollback_keeps_what_readers_saw_in_between(site: Path) -> None:
    deploy(site)
    first = live(site).versions["id-one"]
    rebuild(site, story(title="Scale AI won", updated="2025-06-20"))
    deploy(site)
    run(site, "rollback", "live", "--yes", "--reason", "A faulty import")
    chain = live(site).versions["id-one"]
    assert [version.digest for version in chain] == [
        first[0].digest,
        live(site).versions["id-one"][1].digest,
        first[0].digest,
    ]
    assert chain[-1].reason == live(site).reason == "A faulty import"
    assert chain[-1].at > chain[-2].at
    # The same words as before the rollback are a change again, which `updated` announces.
    deploy(site)
    assert len(live(site).versions["id-one"]) == 4


def test_damaged_or_missing_words_are_not_trusted(site: Path) -> None:
    deploy(site)
    digest = live(site).versions["id-one"][-1].digest
    theirs = site.parent / "www/news.releases" / words_path(digest).removeprefix(f"{FOLDER}/")
    ours = ReleaseArchive(site, "live").object_path(digest)
    rebuild(site, story("Scale AI sold 49 per cent of its shares."))
    ours.unlink()
    assert "was: Scale AI sold 14" in deploy(site, code=3)  # from the target
    theirs.write_bytes(theirs.read_bytes().replace(b"14", b"49"))
    text = deploy(site, code=3)
    assert "content/briefs/one.md: its words cannot be read" in text
    assert "was:" not in text
    theirs.unlink()
    os.mkfifo(theirs)
    assert "cannot be read" in deploy(site, code=3)
    rebuild(site, story("Scale AI sold 49 per cent of its shares.", updated="2025-06-20"))
    deploy(site)


def test_records_without_versions_decode_and_are_completed(site: Path) -> None:
    deploy(site)
    place = site.parent / "www/news.releases" / f"{live(site).id}.json"
    plain = msgspec.json.decode(place.read_bytes())
    del plain["versions"], plain["reason"]
    place.write_bytes(msgspec.json.encode(plain))
    old = decode_release(place.read_bytes())
    assert old is not None
    assert old.versions == {}
    deploy(site)  # the same files, and now the words
    assert live(site).id > old.id
    assert live(site).versions.keys() == {"id-one", "id-two"}
    assert "Nothing to do" in deploy(site)


@pytest.mark.parametrize(
    "version",
    [
        ["../../x", "2025-06-20T00:00:00Z", None, [], ""],
        ["0" * 32, "2025-06-20T00:00:00", None, [], ""],
        ["0" * 32, "soon", None, [], ""],
        [],
        "x",
    ],
)
def test_a_hostile_record_is_refused(version: object) -> None:
    release = Release(id="20250620-000000-abcdef", at="", site="", files={})
    plain = msgspec.json.decode(encode_release(release))
    plain["versions"] = {"id-one": [version]}
    assert decode_release(msgspec.json.encode(plain)) is None
    plain["versions"] = {"id-one": []}
    assert decode_release(msgspec.json.encode(plain)) is None


def test_a_record_keeps_the_first_version_and_the_newest() -> None:
    at = datetime(2025, 6, 20, tzinfo=UTC)
    chain = tuple(Version(f"{n:032x}", at) for n in range(MOST + 3))
    kept = bounded(chain)
    assert len(kept) == MOST
    assert (kept[0], kept[1], kept[-1]) == (chain[0], chain[4], chain[-1])


def test_words_that_two_briefs_exchange_are_both_found(site: Path) -> None:
    deploy(site)
    now = datetime.now(UTC)
    known = {name: chain[-1].digest for name, chain in live(site).versions.items()}
    assert all(b.words is None for b in published_briefs(site, Options(now), known).values())
    crossed = dict(zip(known, reversed(known.values()), strict=True))
    assert all(b.words for b in published_briefs(site, Options(now), crossed).values())


def test_an_edit_reads_the_words_of_one_brief(site: Path) -> None:
    deploy(site)
    rebuild(site, story("Scale AI sold 49 per cent of its shares."))
    known = {name: chain[-1].digest for name, chain in live(site).versions.items()}
    found = published_briefs(site, Options(datetime.now(UTC)), known)
    assert [name for name, one in found.items() if one.words] == ["id-one"]


# What a brief expects and settles, in its front matter; the text is that of the edit.
OUTLOOK = """[{id: plant, text: "TEXT", by: 2025-12, of: Google, says: reuters,
  resolves: A permit.}]
settles: [{what: two#sale, outcome: late, when: 2025-05-02, source: reuters}]
claims: [{id: sales, text: Sales double., status: forecast, due: 2025-H2, source: reuters}]
whats_next: [{id: board, text: The board meets., by: 2025-10-01}]"""
TOLD = (  # noticed
    ("en", "by: 2025-12", "by: 2026-03"),
    ("en", "by: 2025-12, ", ""),
    ("en", "of: Google", "of: Meta"),
    ("en", "says: reuters", "says: cnbc"),
    ("en", "A permit.", "Two permits."),
    ("en", "The plant opens.", "The plant may open."),
    ("nl", "De fabriek gaat niet open.", "De fabriek gaat wel open."),
    ("de", "Das Werk könnte liefern.", "Das Werk konnte liefern."),
    ("fr", "L'usine ouvre ses portes.", "L'usine ouvrait ses portes."),
    ("en", "outcome: late", "outcome: not"),
    ("en", "when: 2025-05-02", "when: 2025-05-12"),
    ("en", "two#sale", "two#lease"),
    ("en", "settles: [{what: two#sale, outcome: late, when: 2025-05-02, source: reuters}]", ""),
    ("en", "due: 2025-H2", "due: 2026-H1"),
    ("en", "by: 2025-10-01", "by: 2025-11-01"),
)
UNTOLD = (  # below notice
    ("en", "The goverment opens a plant.", "The government opens a plant."),
    ("en", 'It -- \\"soon\\" -- opens.', "It – “soon” – opens."),
    ("nl", "De onderhandlingen slagen.", "De onderhandelingen slagen."),
    ("de", "„Das Werk“ öffnet.", "»Das Werk« öffnet."),
    ("fr", "Le developpement continue.", "Le développement continue."),
    ("en", "resolves: A permit.", "resolves: A permit"),
    ("en", "id: plant, text", "text"),  # no reader sees it
)


def test_planted_edits_of_expectations_and_outcomes(tmp_path: Path) -> None:
    """Each is in a brief a and a brief b; a text stands where TEXT does."""
    briefs, edits = "", [*((*row, True) for row in TOLD), *((*row, False) for row in UNTOLD)]
    sources = "[{id: reuters, publisher: Reuters}, {id: cnbc, publisher: CNBC}]"
    for n, (lang, before, after, _) in enumerate(edits):
        is_text = before not in OUTLOOK
        for side, text in (("a", before), ("b", after)):
            front = OUTLOOK if is_text else OUTLOOK.replace(before, text)
            front = front.replace("TEXT", text if is_text else "The plant opens.")
            briefs += brief(f"{side}{n}", lang=lang, sources=sources, expects=front)
    found = published_briefs(write_site(tmp_path, briefs), Options(datetime.now(UTC)))
    for n, (_, before, _, told) in enumerate(edits):
        old, new = found[f"id-a{n}"], found[f"id-b{n}"]
        assert old.words and new.words
        changes = judged(old.words, new.words, new.names)
        assert ("material" in [judgement for _, judgement in changes]) == told, (before, changes)


def test_older_words_do_not_lack_what_their_program_did_not_know(tmp_path: Path) -> None:
    sources = "[{id: reuters, publisher: Reuters}, {id: cnbc, publisher: CNBC}]"
    front = OUTLOOK.replace("TEXT", "The plant opens.")
    site = write_site(tmp_path, brief("one", sources=sources, expects=front))
    new = published_briefs(site, Options(datetime.now(UTC)))["id-one"].words
    assert new is not None and {"expectation", "outcome"} <= {part.kind for part in new.parts}
    old = VersionWords(
        new.lang,
        tuple(
            replace(part, about=tuple(f for f in part.about if f[0] not in ("by", "due")))
            for part in new.parts
            if part.kind not in ("expectation", "outcome")
        ),
    )
    assert decode_words(encode_words(old)) == old and b"form" not in encode_words(old)
    assert judged(old, new) == judged(new, old) == []
    retold = replace(old, parts=(replace(old.parts[0], text="Other"), *old.parts[1:]))
    assert [change.kind for change, _ in judged(retold, new)] == ["title"]
    silent = replace(new, parts=tuple(p for p in new.parts if p.kind != "outcome"))
    assert [change.kind for change, _ in judged(new, silent)] == ["outcome"]


def test_a_branch_has_the_words_beside_its_record(tmp_path: Path) -> None:
    remote = tmp_path / "remote.git"
    subprocess.run(["git", "init", "--quiet", "--bare", remote], check=True)
    site = site_of(tmp_path / "site", f"  live: {{kind: git, to: {remote}}}\n", story())
    deploy(site)
    assert not any(path.startswith(FOLDER) for path in branch(remote))
    command = ["git", "--git-dir", str(remote), "ls-tree", "-r", "--name-only", "gh-pages"]

    def stored() -> set[str]:
        names = subprocess.run(command, capture_output=True, check=True, text=True).stdout
        return {name for name in names.split() if name.startswith(f"{FOLDER}/words/")}

    assert stored() == {*map(words_path, word_digests(live(site).versions))}
    for place in ReleaseArchive(site, "live").objects.glob("*/*"):
        place.unlink()
    rebuild(site, story("Scale AI sold 49 per cent of its shares."))
    assert "was: Scale AI sold 14" in deploy(site, code=3)
    rebuild(site, story("Scale AI sold 49 per cent of its shares.", updated="2025-06-20"))
    deploy(site)
    assert len(stored()) == 2
    rebuild(site, story(status="draft") + brief("two", "Scale AI two"))
    deploy(site, "--allow", "removed-addresses", "--allow", "older")
    assert stored() == {*map(words_path, word_digests(live(site).versions))}
    assert len(stored()) == 1


def test_object_storage_has_the_words_beside_its_records(
    tmp_path: Path, s3: tuple[str, Path]
) -> None:
    bucket = s3[1]
    site = site_of(tmp_path / "site", "  live: {kind: rclone, to: 'store:bucket'}\n", story())
    deploy(site)

    def stored() -> set[str]:
        found = (bucket / FOLDER / "words").rglob("*.json")
        return {file.relative_to(bucket).as_posix() for file in found}

    assert stored() == {*map(words_path, word_digests(live(site).versions))}
    for place in ReleaseArchive(site, "live").objects.glob("*/*"):
        place.unlink()
    rebuild(site, story("Scale AI sold 49 per cent of its shares."))
    assert "was: Scale AI sold 14" in deploy(site, code=3)
    rebuild(site, story("Scale AI sold 49 per cent of its shares.", updated="2025-06-20"))
    deploy(site)
    assert len(stored()) == 2
    rebuild(site, story(status="draft") + brief("two", "Scale AI two"))
    deploy(site, "--allow", "removed-addresses", "--allow", "older")
    assert stored() == {*map(words_path, word_digests(live(site).versions))}


def correct(site: Path, *arguments: str, code: int = 0) -> str:
    return run(site, "correct", "one", *arguments, code=code).output


def test_a_correction_is_written_from_the_difference(site: Path) -> None:
    deploy(site)
    assert "its words are those that readers have" in correct(site, code=1)
    words = "Scale AI sold 49 per cent of its shares."
    rebuild(site, story(words).replace("---\n", "---\n# by hand\n", 1))
    text = correct(site, "--note", "We misread the filing.")
    assert "kind: factual" in text
    assert "was: Scale AI sold 14 per cent of its\n" in text
    assert "now: Scale AI sold 49 per cent of its\n" in text
    file = (site / "content/briefs/one.md").read_text()
    assert "# by hand" in file
    assert "updated: " in file
    assert "note: We misread the filing." in file
    # It never writes a second entry about the same change, and the guard is content.
    assert "already have an entry" in correct(site, code=1)
    assert (site / "content/briefs/one.md").read_text() == file
    rebuild(site, "")
    deploy(site)
    assert "its words are those that readers have" in correct(site, code=1)


def test_a_correction_of_what_was_never_published_needs_its_words(site: Path) -> None:
    assert "no release has a version" in correct(site, code=1)
    (site / "content/briefs/one.md").write_text(
        story("Other words.", status="draft").split("\n", 1)[1]
    )
    deploy(site, "--allow", "not-as-built")
    assert "no release has a version" in correct(site, code=1)


# --- another identity ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("slug", "fields"),
    [
        ("one", {"id": "id-other"}),  # in the same place
        ("uno", {"id": "id-other", "redirects": "[one]"}),
        ("uno", {"id": "id-other", "redirects": "[/briefs/one/]"}),
    ],
)
def test_another_id_or_file_is_the_same_brief(
    site: Path, slug: str, fields: dict[str, str]
) -> None:
    """Its words are compared, and its history goes on."""
    text = "Scale AI sold 14 per cent of its shares to Meta, and told its staff so on Friday."
    rebuild(site, brief("one", "Scale AI one", body=text, updated="2025-06-16"))
    deploy(site)
    first = live(site).versions["id-one"]
    (site / "content/briefs/one.md").unlink()
    changed = brief(
        slug, "Scale AI one", body=text.replace("14", "49"), updated="2025-06-16", **fields
    )
    rebuild(site, changed)
    allowed = ("--allow", "feed-identity")
    refused = deploy(site, *allowed, code=3)
    assert "silent-change" in refused and "49" in refused
    rebuild(site, changed.replace("updated: 2025-06-16", "updated: 2025-06-20"))
    deploy(site, *allowed)
    chain = live(site).versions["id-other"]
    assert chain[:-1] == first and len(chain) == len(first) + 1
    assert "id-one" not in live(site).versions


def test_the_copy_of_a_deleted_brief_is_the_same_brief(site: Path) -> None:
    """A new brief beside a deleted one is not."""
    deploy(site)
    (site / "content/briefs/one.md").unlink()
    rebuild(site, brief("copy", "Scale AI one", body="Scale AI sold 49 per cent of its shares."))
    allowed = [f"--allow={name}" for name in ("removed-addresses", "shrunk", "feed-identity")]
    assert "silent-change" in deploy(site, *allowed, code=3)
    (site / "content/briefs/copy.md").unlink()
    rebuild(site, brief("fresh", "Google buys ships", body="It needs them.", date="2025-06-18"))
    deploy(site, *allowed)
    assert [len(chain) for chain in live(site).versions.values()] == [1, 1]


def test_a_brief_comes_back_from_a_withdrawal_with_its_words(site: Path) -> None:
    def told(body: str, **fields: str) -> str:
        return brief("one", "Scale AI one", body=body, **fields)

    deploy(site)
    rebuild(site, told("It hires 10.", updated="2025-06-16"))
    deploy(site)
    gone = {"status": "withdrawn", "withdrawn_because": "We check it.", "updated": "2025-06-16"}
    rebuild(site, told("It hires 10.", **gone))
    deploy(site)
    rebuild(site, told("It hires 90.", updated="2025-06-16"))
    assert "It hires 90." in deploy(site, code=3)
    rebuild(site, told("It hires 10.", updated="2025-06-16"))
    deploy(site, "--allow", "removed-addresses")  # that of corrections
    assert len(live(site).versions["id-one"]) == 4
