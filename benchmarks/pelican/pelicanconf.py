"""Pelican's settings for the site that benchmarks/generate.py writes.

The cache is on, and unused features are off. Companies are Pelican's tags, topics its authors,
sections its categories.
"""

import hashlib
import json
from pathlib import Path

HERE = Path(__file__).resolve().parent


def _fingerprinted(name: str, kind: str) -> str:
    digest = hashlib.sha256((HERE / "content" / "assets" / f"{name}.{kind}").read_bytes())
    return f"{name}.{digest.hexdigest()[:16]}.{kind}"


SITENAME = "The Test Desk"
SITESUBTITLE = "A made-up briefing, to measure how fast it is built."
SITEURL = "https://bench.example"
FEED_DOMAIN = SITEURL
TIMEZONE = "UTC"
DEFAULT_LANG = "en"
PATH = "content"
OUTPUT_PATH = "output"
THEME = "theme"
THEME_STATIC_PATHS: list[str] = []
PLUGIN_PATHS = ["plugins"]
PLUGINS = ["desk"]

ARTICLE_PATHS = ["briefs"]
PAGE_PATHS = ["pages"]
FILES = {name: _fingerprinted(*name.split(".")) for name in ("style.css", "icon.svg")}
STATIC_PATHS = [f"assets/{name}" for name in FILES]
EXTRA_PATH_METADATA = {f"assets/{name}": {"path": address} for name, address in FILES.items()}
TERMS = json.loads((HERE / "terms.json").read_text("utf-8"))

# Macros get these without the context of a page, so that Jinja caches them across pages.
JINJA_GLOBALS = {"SITENAME": SITENAME, "SITEURL": SITEURL, "FILES": FILES}

# Parsed files are cached between builds.
CACHE_CONTENT = True
LOAD_CONTENT_CACHE = True
CONTENT_CACHING_LAYER = "reader"
CHECK_MODIFIED_METHOD = "mtime"
GZIP_CACHE = False
DELETE_OUTPUT_DIRECTORY = False

MARKDOWN = {
    "extensions": ["markdown.extensions.tables", "markdown.extensions.smarty"],
    "output_format": "html5",
}
FORMATTED_FIELDS: list[str] = []
TYPOGRIFY = False
WITH_FUTURE_DATES = True

ARTICLE_URL, ARTICLE_SAVE_AS = "briefs/{slug}/", "briefs/{slug}/index.html"
PAGE_URL, PAGE_SAVE_AS = "{slug}/", "{slug}/index.html"
TAG_URL, TAG_SAVE_AS = "companies/{slug}/", "companies/{slug}/index.html"
AUTHOR_URL, AUTHOR_SAVE_AS = "topics/{slug}/", "topics/{slug}/index.html"
CATEGORY_URL, CATEGORY_SAVE_AS = "sections/{slug}/", "sections/{slug}/index.html"
YEAR_ARCHIVE_URL, YEAR_ARCHIVE_SAVE_AS = "years/{date:%Y}/", "years/{date:%Y}/index.html"

DEFAULT_PAGINATION = 20
DEFAULT_ORPHANS = 19  # the last page of a list has up to 39 briefs
PAGINATED_TEMPLATES = dict.fromkeys(
    ("index", "tag", "author", "category", "person", "publisher", "reports", "month")
)
PAGINATION_PATTERNS = (
    (1, "{base_name}/", "{base_name}/index.html"),
    (2, "{base_name}/page/{number}/", "{base_name}/page/{number}/index.html"),
)

DIRECT_TEMPLATES = [
    "index", "tags", "authors", "people", "sources", "archives", "digests", "front", "feeds", "404",
    "robots", "sitemap",
]  # fmt: skip
INDEX_SAVE_AS = "briefs/index.html"
TAGS_SAVE_AS = "companies/index.html"
AUTHORS_SAVE_AS = "topics/index.html"
PEOPLE_SAVE_AS = "people/index.html"
SOURCES_SAVE_AS = "sources/index.html"
DIGESTS_SAVE_AS = "digests/index.html"
ARCHIVES_SAVE_AS = "months/index.html"
FRONT_SAVE_AS = "index.html"
FEEDS_SAVE_AS = "feeds/index.html"
ROBOTS_SAVE_AS = "robots.txt"
SITEMAP_SAVE_AS = "sitemap.xml"

FEED_MAX_ITEMS = 20
RSS_FEED_SUMMARY_ONLY = False
FEED_RSS = "feed.xml"
TAG_FEED_RSS = "companies/{slug}/feed.xml"
AUTHOR_FEED_RSS = "topics/{slug}/feed.xml"
CATEGORY_FEED_RSS = "sections/{slug}/feed.xml"
FEED_ALL_ATOM = CATEGORY_FEED_ATOM = TRANSLATION_FEED_ATOM = None
AUTHOR_FEED_ATOM = TAG_FEED_ATOM = FEED_ATOM = None
