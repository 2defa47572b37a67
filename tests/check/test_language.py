"""What is said of words alone: secrets, amounts, tenses, languages; and where nothing is said."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from builder.check.minority_stakes import Stake, called_purchases
from builder.check.own_words import own_words
from builder.diagnostics.report import as_github, as_json, as_text
from builder.diagnostics.secrets import find_secrets, hide_secrets, may_have_secrets
from builder.language.amounts_in_text import mentioned
from builder.language.detect import evident_language
from builder.language.tense import in_future
from support.sites import brief, build_site, problems, write_site

# Of a form that opens nothing: put together here, so that no scanner takes this file for a leak.
LETTERS = "Ab3dEf7hIj2kLm5nOp8qRs1tUv4wXy6zAb9c"
SECRETS = {
    "AKIA" + "IOSFODNN7EXAMPLE": "an AWS access key",
    "ghp_" + LETTERS: "a GitHub token",
    "github_pat_" + LETTERS + LETTERS: "a GitHub token",
    "sk-" + "proj-" + LETTERS: "an API key of a language model",
    "sk-" + "ant-api03-" + LETTERS: "an API key of a language model",
    "xoxb-" + "123456789012-" + LETTERS[:12]: "a Slack token",
    "AIza" + LETTERS[:35]: "a Google API key",
    "eyJ" + LETTERS[:20] + ".eyJ" + LETTERS[:30] + "." + LETTERS[:20]: "a signed token",
    "-----BEGIN " + "OPENSSH PRIVATE KEY-----": "a private key",
}
ASSIGNED = ("password: {}", "api_key = '{}'", 'TOKEN="{}"', "Secret: {}", "access_key: {}")
HARMLESS = (
    "Tokens: one million costs $3. The secret: nobody knows. A password is asked for.",
    "https://example.com/sk-hynix-raises-its-forecast-for-the-year-2025-and-2026",
    "token: https://example.com/a-long-address-of-a-story-2025",
    "It is a desk-of-many-people-who-have-work-in-2025, and a task-force.",
    "secret: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    "AKIAIOSFODNN is short, and so are ghp_abc and AIzaSy.",
)


@pytest.mark.parametrize("secret", SECRETS)
def test_secrets_are_known_by_their_form(secret: str) -> None:
    text = f"The key\nis {secret}, she wrote."
    assert may_have_secrets(text.encode())
    (found,) = find_secrets(text)
    assert (found.kind, text[found.start : found.end]) == (SECRETS[secret], secret)
    hidden = hide_secrets(text)
    assert secret[:4] + "•" in hidden and secret not in hidden and len(hidden) == len(text)


@pytest.mark.parametrize("line", ASSIGNED)
def test_passwords_are_known_by_what_they_are_called(line: str) -> None:
    text = line.format("9fJ2kQ7xLm4vT8sW")
    (found,) = find_secrets(text)
    assert text[found.start : found.end] == "9fJ2kQ7xLm4vT8sW"
    assert may_have_secrets(text.encode())


@pytest.mark.parametrize("text", HARMLESS)
def test_words_are_no_secrets(text: str) -> None:
    assert find_secrets(text) == []
    assert hide_secrets(text) == text


def test_nothing_that_is_printed_shows_a_secret(tmp_path: Path) -> None:
    """Neither the message of the secret itself nor any other of its line."""
    key = "ghp_" + LETTERS
    fields = {"datum": key, "event_date": key, "companies": f"[{key}]"}
    write_site(tmp_path, brief("a", body=f"See <b>{key}</b> and [[{key}]].", **fields))
    found = problems(tmp_path)
    codes = {d.code for d in found}
    assert {"secret-looking", "unknown-key", "invalid-date", "unknown-company"} <= codes
    assert sum(d.code == "secret-looking" for d in found) == 5
    for written in (as_text(found), as_json(found), as_github(found)):
        assert "ghp_" in written and LETTERS[:8] not in written
    again = problems(tmp_path)  # what is remembered is the same
    assert again == found


AMOUNTS = (
    ("It paid $14.3bn for 49%.", "en", [("$14.3bn", 14_300_000_000), ("49%", 49)]),
    ("US$1.25 billion; 250,000 USD", "en", [("US$1.25 billion", 1_250_000_000),
                                            ("250,000 USD", 250_000)]),
    ("$1bn to $2bn, $1–2bn", "en", [("$1bn", 10**9), ("$2bn", 2 * 10**9), ("$1", 10**9)]),
    ("200 full-time employees in 2024", "en", [("200 full-time employees", 200)]),
    ("In 2024 people left; 5 people said; 3 percentage points; GPT-4; 24 July 2025", "en", []),
    ("14,3 miljard dollar, 17,2%", "nl", [("14,3 miljard dollar", 14_300_000_000),
                                         ("17,2%", Decimal("17.2"))]),
    ("1.400 Beschäftigte, 3 Mrd. Euro", "de", [("1.400 Beschäftigte", 1400),
                                              ("3 Mrd. Euro", 3 * 10**9)]),
    ("2 milliards d’euros", "fr", [("2 milliards d’euros", 2 * 10**9)]),
    ("HK$5bn, C$20m and NT$30 billion", "en", [("HK$5bn", 5 * 10**9), ("C$20m", 20 * 10**6),
                                              ("NT$30 billion", 30 * 10**9)]),
    ("Rs 500 crore, ₹2.5 lakh, up 10pc", "en", [("Rs 500 crore", 5 * 10**9),
                                               ("₹2.5 lakh", 250_000), ("10pc", 10)]),
    ("₹1,50,000 or Rs 2,00,00,000 or 50 crore rupees", "en",
     [("₹1,50,000", 150_000), ("Rs 2,00,00,000", 2 * 10**7), ("50 crore rupees", 5 * 10**8)]),
    ("1,50,000 रुपये, 2.5 लाख रुपये, 14 अरब डॉलर, 49 प्रतिशत", "hi",
     [("1,50,000 रुपये", 150_000), ("2.5 लाख रुपये", 250_000), ("14 अरब डॉलर", 14 * 10**9),
      ("49 प्रतिशत", 49)]),
    ("约143亿美元，¥100亿，1,000亿元，3000万元人民币，约1400名员工，49%的股份，2024年", "zh",
     [("143亿美元", 14_300_000_000), ("¥100亿", 10**10), ("1,000亿元", 10**11),
      ("3000万元", 3 * 10**7), ("1400名员工", 1400), ("49%", 49)]),
    ("約1兆2000億円を投じ、148億ドル、３００万円、1400人の従業員、49パーセント、2024年", "ja",
     [("1兆2000億円", 12 * 10**11), ("148億ドル", 14_800_000_000), ("３００万円", 3 * 10**6),
      ("1400人の従業員", 1400), ("49パーセント", 49)]),
    ("1조2000억 원, 148억달러를, 1400명의 직원, 49퍼센트", "ko",
     [("1조2000억 원", 12 * 10**11), ("148억달러", 14_800_000_000), ("1400명의 직원", 1400),
      ("49퍼센트", 49)]),
    ("بـ14,3 مليار دولار و٢٩ مليار دولار ونحو 49 في المئة و٤٩٪ و1400 موظف عام 2024", "ar",
     [("14,3 مليار دولار", 14_300_000_000), ("٢٩ مليار دولار", 29 * 10**9), ("49 في المئة", 49),
      ("٤٩٪", 49), ("1400 موظف", 1400)]),
    ("29 mil millones de dólares y 2 billones de euros", "es",
     [("29 mil millones de dólares", 29 * 10**9), ("2 billones de euros", 2 * 10**12)]),
    ("14,3 bilhões de dólares, 29 mil milhões de euros", "pt",
     [("14,3 bilhões de dólares", 14_300_000_000), ("29 mil milhões de euros", 29 * 10**9)]),
    ("14,3 tỷ USD, 2 nghìn tỷ đồng", "vi",
     [("14,3 tỷ USD", 14_300_000_000), ("2 nghìn tỷ đồng", 2 * 10**12)]),
    ("14,3 Milliarden Dollar, 2 Billionen Euro, 1.5 Mrd. Euro", "de",
     [("14,3 Milliarden Dollar", 14_300_000_000), ("2 Billionen Euro", 2 * 10**12),
      ("1.5 Mrd. Euro", 1_500_000_000)]),
    ("A 24/7 staff, 9/11 workers", "en", []),
    ("Fortune 500 customers, Windows 11 users, iOS 18 users", "en", []),
    ("200 mln. dollar", "nl", [("200 mln. dollar", 200 * 10**6)]),
    ("500 M€ et 3,2 Md€", "fr", [("500 M€", 500 * 10**6), ("3,2 Md€", 3_200_000_000)]),
    ("持有百分之49，另外百分之五十、百分之四十九点五和百分之一百二十。", "zh",
     [("百分之49", 49), ("百分之五十", 50), ("百分之四十九点五", Decimal("49.5")),
      ("百分之一百二十", 120)]),
    ("三割五分と2.5割、10割、百分の五", "ja",
     [("三割五分", 35), ("2.5割", 25), ("10割", 100), ("百分の五", 5)]),
    ("5割引、割り当て、1割合、二十割、役割", "ja", []),
)  # fmt: skip


@pytest.mark.parametrize(("text", "language", "amounts"), AMOUNTS)
def test_amounts_are_read_as_the_language_writes_them(
    text: str, language: str, amounts: list[tuple[str, Decimal]]
) -> None:
    found = [(text[m.start : m.end], m.quantity.low) for m in mentioned(text, language)]
    assert [pair for pair in found if pair[0] != "2bn"] == amounts


def test_what_is_quoted_or_code_is_not_the_briefs_own() -> None:
    body = (
        'Ours. "Theirs,\nstill." `code` [ours](/theirs/) [[theirs]] {{figure:theirs}}\n\n'
        "> theirs\nstill theirs\n\nours „theirs“ «theirs» ours\n\n```\ncode\n```\n[a]: /theirs/\n"
        "[^1]: ours https://theirs.example/2024 ours\n"
    )
    own = own_words(body)
    assert len(own) == len(body) and own.count("\n") == body.count("\n")
    assert "heirs" not in own and "code" not in own
    assert own.casefold().count("ours") == 6


@pytest.mark.parametrize(
    "text",
    [
        "It will earn more in 2026.",
        "It will say that in 2024 it earned less.",
        "It earned less in 2024. It will earn more.",
        "In 2024 it earned less, and it will earn more.",
        "What it did in 2024 will not be forgotten",
        "The report for 2024 will follow.",
    ],
)
def test_the_past_may_stand_beside_the_future(text: str) -> None:
    assert [text[s.start : s.end] for s in in_future(text, "en", 2025)] == []


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Google will use the money raised in 2024.", "en"),
        ("Meta will pay the fine imposed in 2023.", "en"),
        ("It will keep the name it adopted in 2020 and will extend a deal made in 2022.", "en"),
        ("Will Marshall of Planet came in 2010, and he will stay.", "en"),
        ("Google zal het in 2023 gesloten contract niet verlengen.", "nl"),
        ("Google zal de in 2023 gesloten overeenkomst opzeggen.", "nl"),
        ("Google wird den in 2023 geschlossenen Vertrag kündigen.", "de"),
        ("The board will meet in Paris, where it met in 2024.", "en"),
        ("It will look at why prices fell in 2023 and be judged on how it did in 2024.", "en"),
        ("The regulator will investigate trades in 2023.", "en"),
        ("The will of its founders in 2024 was clear.", "en"),
        ("Sales will rise to $2bn, from $870m in 2024.", "en"),
        ("It will be the largest after WhatsApp in 2014.", "en"),
        ("The trial will cover events in 2023.", "en"),
        ("It will look at the figures in 2024's report.", "en"),
        ("De zaak gaat over uitgaven in 2023.", "nl"),
        ("Die Klage wird nach dem Urteil im Jahr 2023 zurückgezogen.", "de"),
        ("Dem Konzern wird vorgeworfen, im Jahr 2023 Daten verkauft zu haben.", "de"),
        ("Meta wird 2000 neue Stellen schaffen.", "de"),
        ("Le juge examinera le rachat de WhatsApp en 2014.", "fr"),
        ("Elle remplacera le modèle sorti en 2023.", "fr"),
        ("Margins will be better than those in 2024.", "en"),
        ("Het gaat in 2024 om 870 miljoen.", "nl"),
        ("Elle vendra les parts acquises en 2023.", "fr"),
        ("Elle va rembourser les prêts contractés en 2022.", "fr"),
        ("Il dirigera l’équipe créée en 2023.", "fr"),
    ],
)
def test_what_is_to_come_may_be_about_what_was(text: str, language: str) -> None:
    assert [text[s.start : s.end] for s in in_future(text, language, 2025)] == []


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Scale AI will earn some $870m in 2024.", "en"),
        ("It will be fully paid in 2024.", "en"),
        ("It is going to set a record in 2024.", "en"),
        ("It will exceed its target in 2024.", "en"),
        ("In 2024 Scale AI will earn more.", "en"),
        ("It’ll earn $870m in 2024.", "en"),
        ("Google won't renew the deal in 2024.", "en"),
        ("Google wird 2024 rund 150 Millionen Dollar zahlen.", "de"),
        ("2024 wird Scale AI mehr einnehmen.", "de"),
        ("Scale AI wird nach Angaben von Reuters im Jahr 2024 mehr einnehmen.", "de"),
        ("Scale AI zal de omzet in 2024 verdubbelen.", "nl"),
        ("Scale AI wird in 2024 mehr einnehmen.", "de"),
        ("Het bedrijf gaat in 2024 meer verdienen.", "nl"),
        ("Elle emploiera 200 salariés en 2024.", "fr"),
        ("Le prix sera payé en 2024.", "fr"),
        ("La société générera 870 millions en 2024.", "fr"),
    ],
)
def test_a_year_that_is_over_is_not_to_come(text: str, language: str) -> None:
    assert [slip.year for slip in in_future(text, language, 2025)] == [2024]


OTHER = (
    ("The logo of Google on a screen in an office", "en"),
    ("Het logo van Google op een scherm", "nl"),
    ("Ein Schild vor dem Büro von Meta", "de"),
    ("Un panneau devant les bureaux de Meta", "fr"),
    ("El cartel de los dueños en el muro del edificio", "es"),
    ("Un cartello sulla porta degli uffici della società", "it"),
    ("Biểu tượng của Google trên màn hình", "vi"),
    ("Ông Zuckerberg phát biểu tại hội nghị", "vi"),
    ("Логотип Google на экране", "ru"),
    ("谷歌公司的标志出现在屏幕上", "zh"),
    ("グーグルのロゴが画面に映っている", "ja"),
)
NAMES_ONLY = (
    "Scale AI, Meta, Google DeepMind, Mistral",
    "Mistral AI signs deal: Le Chat, La Plateforme",
    "Nvidia die sales grow fast",
    "Alexandr Wang",
    "Báo Dân trí",
    "Surge AI seeks first money",
)


@pytest.mark.parametrize(("text", "language"), OTHER)
def test_a_language_is_evident_by_its_commonest_words(text: str, language: str) -> None:
    for page in ("en", "nl", "de-AT", "fr", "vi"):
        expected = "" if page[:2] == language else language
        assert evident_language(text, page) == expected, page


@pytest.mark.parametrize("text", NAMES_ONLY)
def test_what_may_be_names_has_no_language(text: str) -> None:
    assert {evident_language(text, page) for page in ("en", "nl", "fr")} == {""}


def test_words_of_names_do_not_count() -> None:
    text = "Les Echos, Le Monde, Le Figaro"
    assert evident_language(text, "en") == "fr"
    assert evident_language(text, "en", ["Les Echos", "Le Monde", "Le Figaro"]) == ""


BOUGHT = {
    "Meta acquires Scale AI": True,
    "Meta has acquired Scale": True,
    "Scale AI, acquired by Meta": False,  # a comma stands between
    "Scale AI acquired by Meta": True,
    "Scale AI is being taken over": True,
    "Scale AI overgenomen door Meta": True,
    "Meta übernimmt Scale AI": True,
    "Meta buys a stake in Scale AI": False,
    "Meta buys 49% of Scale AI": False,
    "Meta buys Scale AI shares": False,
    "Meta buys Scale's contracts": False,
    "Scale AI acquired by Google": False,
    "Scale AI was not acquired by Meta": False,
    "Meta heeft Scale AI niet overgenomen": False,
    "Meta hat Scale AI nicht gekauft": False,
    "Meta neemt Scale AI over": True,
    "Scale AI wird von Meta übernommen": True,
    "Meta a racheté Scale AI": True,
    "Meta a racheté une part de Scale AI": False,
    "Meta’s $14bn takeover of Scale AI is done": True,
    "De overname van Scale AI door Meta": True,
    "Meta’s purchase of Scale AI shares": False,
    "Google acquires Meta's rival Turing": False,
    "Scale AI acquires Turing as Meta watches": False,
    "Meta buys data-labelling firm Scale AI": True,
    "Meta koopt het Amerikaanse Scale AI": True,
    "Meta koopt de start-up Scale AI": True,
    "Meta buys data from Scale AI": False,
    "Meta buys into Scale AI": False,
    "Meta kocht data van Scale AI": False,
    "Meta buys time for Scale AI": False,
    "Meta bought Turing and Scale AI hired staff": False,
    "Meta buys Scale AI rival Turing": False,
    "Meta koopt Scale AI-concurrent Turing": False,
    "Meta takes over Scale AI talent": False,
    "Meta acquires Scale AI's data business": False,
    "Scale AI services bought by Meta": False,
    "Meta completes purchase of Scale AI": True,
    "Meta closes acquisition of Scale AI shares": False,
    "Meta, not Google, acquires Scale AI": False,
    "Meta snaps up Scale AI talent": False,
    "Meta agrees to buy 49% of Scale AI": False,
    "Meta agrees to buy Scale AI rival Turing": False,
    "Meta kauft Scale AI nicht": False,
    "Meta koopt Scale AI niet": False,
    "Meta could buy Scale AI": False,
    "Meta may acquire Scale AI": False,
    "Meta might buy Scale AI": False,
    "Meta wants to buy Scale AI": False,
    "Meta denies it bought Scale AI": False,
    "Meta considered buying Scale AI": False,
    "Meta in talks to acquire Scale AI": False,
    "Why Meta would buy Scale AI": False,
    "Meta has not acquired Scale AI": False,
    "Meta stops short of buying Scale AI": False,
    "Meta snaps up Scale AI": True,
    "Meta closes its acquisition of Scale AI": True,
    "Could Meta's acquisition of Scale AI fail?": False,
    "If Meta buys Scale AI": False,
    "Meta to buy Scale AI": True,
    "Meta will acquire Scale AI": True,
    "Meta agrees to buy Scale AI": True,
    "No acquisition of Scale AI by Meta": False,
    "Meta rules out takeover of Scale AI by Google": False,
    "Scale AI could be acquired by Meta": False,
    "Scale AI bought by Meta": True,
    "Meta’s possible acquisition of Scale AI": False,
    "Meta buys nearly half of Scale AI": False,
    "Report: Meta can buy Scale AI later": False,
    "Meta was said to buy Scale AI": False,
    "Meta never bought Scale AI": False,
    "Meta could buy the rest of Scale AI": False,
    "Meta kan Scale AI kopen": False,
    "Meta zou Scale AI overnemen": False,
    "Meta wil Scale AI kopen": False,
    "Meta koopt Scale AI": True,
    "Meta koopt bijna de helft van Scale AI": False,
    "Als Meta Scale AI koopt": False,
    "Koopt Meta Scale AI?": False,
    "Scale AI kan door Meta worden overgenomen": False,
    "Scale AI wordt overgenomen door Meta": True,
    "Geen overname van Scale AI door Meta": False,
    "Mogelijke overname van Scale AI door Meta": False,
    "Meta heeft Scale AI overgenomen": True,
    "Meta nam Scale AI niet over": False,
    "Meta könnte Scale AI kaufen": False,
    "Meta will Scale AI übernehmen": False,
    "Meta übernimmt knapp die Hälfte von Scale AI": False,
    "Meta kauft sich bei Scale AI ein": False,
    "Scale AI könnte von Meta übernommen werden": False,
    "Keine Übernahme von Scale AI durch Meta": False,
    "Mögliche Übernahme von Scale AI durch Meta": False,
    "Wenn Meta Scale AI übernimmt": False,
    "Übernimmt Meta Scale AI?": False,
    "Meta hat Scale AI übernommen": True,
    "Meta dementiert Kauf von Scale AI durch Meta": False,
    "Meta pourrait racheter Scale AI": False,
    "Meta pourrait acheter Scale AI": False,
    "Meta veut racheter Scale AI": False,
    "Meta rachète Scale AI": True,
    "Meta achète près de la moitié de Scale AI": False,
    "Scale AI pourrait être rachetée par Meta": False,
    "Scale AI rachetée par Meta": True,
    "Pas de rachat de Scale AI par Meta": False,
    "Un possible rachat de Scale AI par Meta": False,
    "Si Meta rachète Scale AI": False,
    "Meta n’a pas racheté Scale AI": False,
    "Meta va racheter Scale AI": True,
    "Meta aurait racheté Scale AI": False,
    "Meta prend le contrôle de Scale AI": False,
}


@pytest.mark.parametrize("title", BOUGHT)
def test_a_stake_is_no_purchase(title: str) -> None:
    names = {"meta": ("Meta", "Facebook"), "scale": ("Scale AI", "Scale")}
    found = called_purchases([("title", title)], [Stake("meta", "scale", "figures.0.value")],
                        names.__getitem__)  # fmt: skip
    assert bool([*found]) is BOUGHT[title]


def test_each_of_these_warnings_can_be_allowed(tmp_path: Path) -> None:
    figures = "[{id: stake, of: Meta, to: Scale AI, metric: stake, value: 49%, as_of: 2025-06}]"
    told = {
        "title": "Meta acquires Scale AI",
        "companies": "[Scale AI, Meta]",
        "figures": figures,
        "image": "{file: sign.jpg, alt: Het logo van Meta op een scherm}",
        "claims": "[{text: It leaves, status: reported,"
        " by: {anonymous: 5, of: Meta, described_as: familiar with the matter}}]",
    }
    codes = ["figure-unbacked", "period-past-planned", "acquires-minority", "other-language",
             "sources-inside", "name-translated"]  # fmt: skip
    body = "It will earn $3bn in 2024."
    media = "=== content/media/sign.jpg\na picture\n"
    lost = brief("b", title="Schaalbare AI", companies="[]", lang="nl", translation_of="a")
    write_site(tmp_path, brief("a", body=body, **told) + lost + media)
    assert sorted({d.code for d in problems(tmp_path)}) == sorted(codes)
    told["allow"] = "{" + ", ".join(f"{code}: it is right" for code in codes[:-1]) + "}"
    allowed = "{name-translated: it is right}"
    lost = brief("b", title="Schaalbare AI", companies="[]", lang="nl", translation_of="a",
                 allow=allowed)  # fmt: skip
    write_site(tmp_path, brief("a", body=body, **told) + lost + media)
    assert problems(tmp_path) == ()
    result = build_site(tmp_path)
    assert {d.code for d, _ in result.allowed} == set(codes)


def test_a_translation_is_judged_again_when_its_original_changes(tmp_path: Path) -> None:
    """What is said of one file because of another: the page depends on both."""
    translation = brief("b", title="Scale werft", body="Google.", lang="nl", translation_of="a")
    write_site(tmp_path, brief("a", title="Scale AI hires") + translation)
    assert build_site(tmp_path).problems == ()
    write_site(tmp_path, brief("a", title="Scale AI hires at Meta", companies="[Meta, Scale]"))
    (found,) = build_site(tmp_path).problems
    assert (found.path, found.code) == ("content/briefs/b.md", "name-translated")
    free = "=== content/companies/meta.md\n---\nid: meta2222\nname: Meta\n"
    free += "do_not_translate: false\n---\n"
    write_site(
        tmp_path, free + brief("a", title="Scale AI hires at Meta", companies="[Meta, Scale]")
    )
    assert build_site(tmp_path).problems == ()
