"""Pages that are clipped into a small site, in this process."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from builder.clip import clipping
from builder.clip.clipping import Clipping, SavedPage, clip_page
from builder.clip.facts import Given
from builder.clip.known import SiteKnowledge, read_known
from builder.clip.reading import read_page
from support.sites import write_site

PAGES = Path(__file__).parents[1] / "clip" / "pages"
NOW = datetime(2025, 7, 20, 9, 0, tzinfo=UTC)

REGISTER = """\
=== content/companies/turing.md
---
id: turi2222
name: Turing
people: [Jonathan Siddharth]
---
=== content/companies/microsoft.md
---
id: micr2222
name: Microsoft
---
=== content/companies/openai.md
---
id: open2222
name: OpenAI
---
=== content/companies/xai.md
---
id: xaix2222
name: xAI
---
=== content/companies/foobar-ai.md
---
id: foob2222
name: Foobar AI
people: [Ada Example]
---
=== content/companies/acme-chips.md
---
id: acme2222
name: Acme Chips
---
=== content/companies/example-labs.md
---
id: exam2222
name: Example Labs
aliases: [Example Laboratories]
---
=== content/companies/handshake.md
---
id: hand2222
name: Handshake
---
=== content/people/ada-example.md
---
id: adae2222
name: Ada Example
company: Foobar AI
---
=== content/people/jonathan-siddharth.md
---
id: jona2222
name: Jonathan Siddharth
---
=== content/topics/job-cuts.md
---
id: jobc2222
name: Job cuts
aliases: [despidos]
---
=== content/publishers/reuters.md
---
id: reut2222
name: Reuters
website: https://www.reuters.com
lang: en
kind: news agency
---
=== content/publishers/dan-tri.md
---
id: dant2222
name: Báo Dân trí
aliases: [Dân trí]
website: https://dantri.com.vn
lang: vi
kind: newspaper
---
=== content/publishers/vietnam-vn.md
---
id: viet2222
name: Vietnam.vn
website: https://www.vietnam.vn
lang: vi
kind: aggregator
---
=== content/publishers/acme-chips.md
---
id: acmp2222
name: Acme Chips
website: https://acme.example
kind: company
---
=== content/threads/meta-scale.md
---
id: thre2222
title: Meta and Scale AI
---
=== content/briefs/meta-takes-49.md
---
id: brie2222
title: Meta takes 49% of Scale AI
date: 2025-06-14 09:00
event_date: 2025-06-13
summary: It takes a minority stake.
companies: [Meta, Scale AI]
thread: meta-scale
sources:
  - {id: bloomberg, publisher: Bloomberg, lang: en, published: 2025-06-13}
---
Meta takes a stake in Scale AI.
=== content/briefs/foobar-cuts.md
---
id: brie3333
title: Foobar AI is to cut jobs
date: 2025-07-16 18:00
summary: It has grown too fast.
companies: [Foobar AI]
sources:
  - id: reuters
    publisher: Reuters
    url: https://times.example/news-services/reuters/20250716-000001/
    lang: en
    published: 2025-07-16
    via: The Example Times
---
Foobar AI cuts jobs.
"""


def clip_site(folder: Path) -> tuple[Path, SiteKnowledge]:
    """Write the site into which pages are clipped."""
    root = write_site(folder, REGISTER)
    return root, read_known(root, NOW)


def clip_html(
    root: Path,
    known: SiteKnowledge,
    html: str | bytes,
    address: str = "",
    slug: str = "",
    **given: str,
) -> Clipping:
    """Clip a page without a process of its own, and with a fixed id."""
    data = html.encode() if isinstance(html, str) else html
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clipping, "mint_id", lambda: "clip2222")
        return clip_page(
            root, SavedPage(data), NOW, Given(address, **given), slug, read_page, known
        )
