"""Two publishers of one owner."""

from __future__ import annotations

PUBLISHERS = """\
=== content/publishers/holding.md
---
id: hold2222
name: Example Holding
---
=== content/publishers/daily.md
---
id: dail2222
name: The Daily
parent: Example Holding
---
=== content/publishers/weekly.md
---
id: week2222
name: The Weekly
parent: Example Holding
---
"""
