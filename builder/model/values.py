"""Types of text values, which determine how `schema` reads them."""

from __future__ import annotations

from typing import NewType

Line = NewType("Line", str)  # one line of plain text


Text = NewType("Text", str)  # plain text; line breaks are folded into spaces


SourceWords = NewType("SourceWords", str)  # as the source has them, never typeset


Sha256 = NewType("Sha256", str)  # a digest in 64 hexadecimal digits


Slug = NewType("Slug", str)  # lower-case ASCII words joined by hyphens


Identifier = NewType("Identifier", str)  # generated once, never changed


FeedIdentity = NewType("FeedIdentity", str)  # of another program: any text


OldAddress = NewType("OldAddress", str)  # a slug, or a path that begins with `/`


EventReference = NewType("EventReference", str)  # `brief#id`: an event of another brief


ClaimReference = NewType("ClaimReference", str)  # `brief#id`: a claim of another brief
ExpectationReference = NewType("ExpectationReference", str)  # `brief#id`: what it expects


Url = NewType("Url", str)  # absolute, http or https


TargetUrl = NewType("TargetUrl", str)  # a Url, in which {name} may stand for a change


Domain = NewType("Domain", str)  # the host of a website, without `www.`


Address = NewType("Address", str)  # on this site (begins with `/`) or another


LanguageTag = NewType("LanguageTag", str)  # BCP 47


MediaFile = NewType("MediaFile", str)  # a path below content/media/


CompanyName = NewType("CompanyName", str)  # after linking: the company's slug


PersonName = NewType("PersonName", str)  # after linking: the person's slug


TopicName = NewType("TopicName", str)  # after linking: the topic's slug


PartyName = NewType("PartyName", str)  # the name of a company or a person


SectionName = NewType("SectionName", str)


AuthorName = NewType("AuthorName", str)


TimeZone = NewType("TimeZone", str)  # IANA name


Period = NewType("Period", str)  # in the stored form of `period`: 2024-Q3, FY2024


MonthDay = NewType("MonthDay", str)  # 01 or 01-31


WarningCode = NewType("WarningCode", str)  # the code of a diagnostic that is not an error


Colour = NewType("Colour", str)  # `#rrggbb`


AssetName = NewType("AssetName", str)  # below templates/assets/, or `/media/` and a name there


FediverseAccount = NewType("FediverseAccount", str)  # `@name@host`


WikidataItem = NewType("WikidataItem", str)  # Q95


Lei = NewType("Lei", str)  # ISO 17442: 20 letters and digits


Cik = NewType("Cik", str)  # of the SEC: ten digits


Ticker = NewType("Ticker", str)  # NASDAQ:GOOGL


Orcid = NewType("Orcid", str)  # 0000-0002-1825-0097


Formula = NewType("Formula", str)  # read by `parse_formula`


FeedbackAddress = NewType("FeedbackAddress", str)  # a mailbox, or a form with placeholders
