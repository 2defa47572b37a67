/* The full text of the briefs: what a query means, which briefs it finds, and why. */
"use strict";
(() => {
const { fold, load, tokens, unspaced } = slugline;

/* --- Terms of the index. --- */

const stemmers = {}, stems = {};
const loadStemmers = languages => Promise.all(languages.map(async language => {
  const rules = await load(`stem-${language}`);
  stemmers[language] ??= stemmer(rules);
  stems[language] ??= new Map();
}));
/* Return the terms of a word: of its spelling, and of what it is without accents. */
const stemWith = (stem, word, spelled) => {
  if (!stem || [...word].length < 3 || /[0-9.+#]/.test(word) || unspaced(word)) return [word];
  const found = [word !== spelled && fold(stem(spelled)), stem(word)];
  return [...new Set(found.filter(Boolean).map(term => [...term].slice(0, 32).join("")))];
};
const stem = ([word, , , spelled], language) => {
  const known = stems[language], key = `${word} ${spelled}`;
  if (known && !known.has(key)) known.set(key, stemWith(stemmers[language], word, spelled));
  return known ? known.get(key) : [word];
};
const shardOf = (term, shards) => {
  const key = term.includes(":") ? term
    : [...term].slice(0, unspaced(term) ? 1 : 3).join("");
  let hash = 2166136261;
  for (const byte of new TextEncoder().encode(key)) hash = Math.imul(hash ^ byte, 16777619) >>> 0;
  return hash % shards;
};
const WEIGHTS = 45;  // of a posting; further characters are digits of a distance
const postings = text => {
  const found = [];
  let key = -1, distance = 0;
  for (let n = 0; n < text.length; n++) {
    const code = text.charCodeAt(n), value = code - 35 - (code > 60) - (code > 92);
    if (value >= WEIGHTS) distance = distance * WEIGHTS + value - WEIGHTS;
    else {
      key += distance + 1;
      distance = 0;
      found.push([key, value]);
    }
  }
  return found;
};

/* --- Queries. --- */

/* Return the words of a query, each with its terms; the last may be the beginning of a word. */
const parse = (query, { languages, plain }) => {
  const text = query.replace(/[“”„«»]/g, '"'), asked = new Map();
  const phrases = [...text.matchAll(/"([^"]+)"/g)].map(found => tokens(found[1]));
  const written = tokens(text);
  const last = /["\s]$/.test(text) ? -1 : written.length - 1;
  written.forEach((token, n) => {
    const [word] = token, terms = new Set(languages.flatMap(language => stem(token, language)));
    if (plain || !languages.length) terms.add(word);
    const begins = n === last && ([...word].length >= 3 || unspaced(word));
    if (asked.size < 16) asked.set(word, { terms, start: begins ? word : "" });
  });
  return { words: [...asked.values()], phrases: phrases.filter(phrase => phrase.length > 1) };
};

const shard = ([year, shards], term) => load(`${year}/${shardOf(term, shards)}`, {});
/* Return the terms of words that begin so, or of whose stem a longer beginning is written. */
const begun = async (years, start) => {
  const sizes = {};
  for (const terms of await Promise.all(years.map(year => shard(year, start))))
    for (const [term, list] of Object.entries(terms)) {
      const more = [...start].length - [...term].length;
      const ends = [...term].length >= 5 && more > 0 && more <= 3 && start.startsWith(term);
      if (term.startsWith(start) && !term.includes(":") || ends)
        sizes[term] = (sizes[term] ?? 0) + postings(list).length;
    }
  return Object.keys(sizes).sort((a, b) => sizes[b] - sizes[a] || (a < b ? -1 : 1)).slice(0, 24);
};

const KEYS = 1e6;  // more than a year has keys
/* Return the briefs that a word finds, each with its impact; its terms become complete. */
const briefsOf = async (years, { terms, start }) => {
  if (start) for (const term of await begun(years, start)) terms.add(term);
  const found = new Map();
  await Promise.all(years.map(async (year, n) => {
    const shards = await Promise.all([...terms].map(term => shard(year, term)));
    for (const term of terms) {
      const known = shards.shift();
      for (const [key, impact] of Object.hasOwn(known, term) ? postings(known[term]) : []) {
        const id = (years.length - n) * KEYS + key;
        if (!(found.get(id) >= impact)) found.set(id, impact);
      }
    }
  }));
  return found;
};

/* Return the ids of briefs, best first: those with all words, or else with the most of them. */
const rank = (groups, filters, total) => {
  const scores = new Map();
  for (const group of groups) {
    const idf = Math.log(1 + (total - group.size + 0.5) / (group.size + 0.5));
    for (const [id, impact] of group) {
      const known = scores.get(id) ?? { id, words: 0, score: 0 };
      known.words++;
      known.score += impact * idf;
      scores.set(id, known);
    }
  }
  if (!groups.length && filters.length) for (const id of filters[0].keys()) scores.set(id, { id, words: 0, score: 0 });
  const fitting = [...scores.values()].filter(({ id }) => filters.every(filter => filter.has(id)));
  const whole = fitting.filter(({ words }) => words === groups.length);
  for (const one of fitting) one.score = Math.round(one.score * 1e6);
  return (whole.length ? whole : fitting)
    .sort((a, b) => b.words - a.words || b.score - a.score || b.id - a.id).map(({ id }) => id);
};

/* --- Documents. --- */

const documentOf = async (id, { block }, years) => {
  const [year, , slots] = years[years.length - Math.floor(id / KEYS)];
  const key = id % KEYS, n = key % slots, month = `${Math.floor(key / slots) + 1}`.padStart(2, 0);
  const folder = `${year}/${month}-`;
  const [slug, date, lang, section, title, standfirst, text, more] =
    (await load(`${folder}${Math.floor(n / block)}`))[n % block];
  const whole = async () => more ? text + await load(`${folder}t${n}`) : text;
  return { path: `/briefs/${slug}/`, date: date.slice(0, 10), lang, section, title, standfirst, text, whole };
};
/* The attributes of a text in another language than the site. A tag says nothing of its direction. */
const languageOf = (lang, { turned = [] }) => lang && {
  lang, ...(turned.includes(lang) && { dir: document.documentElement.dir === "rtl" ? "ltr" : "rtl" }),
};
const sectionOf = (wanted, index) => {
  const [, name, lang] = index.sections.find(([slug]) => slug === wanted) ?? [];
  return name && { name, language: languageOf(lang, index) };
};
const has = (text, phrase, language) => {
  const stemmed = tokens(text).map(token => stem(token, language));
  const wanted = phrase.map(token => stem(token, language));
  return stemmed.some((_, n) => wanted.every((terms, m) => stemmed[n + m]?.some(term => terms.includes(term))));
};
const saysAll = async (brief, phrases, languages) => {
  if (!phrases.length) return true;
  const texts = [brief.title, brief.standfirst, await brief.whole()];
  const own = brief.lang ? [brief.lang.split("-")[0]] : languages;
  return phrases.every(phrase => own.some(language => texts.some(text => has(text, phrase, language))));
};

/* Return a text in pieces, `[text, number of the query's word or -1]`. */
const pieces = (text, words, languages) => {
  const found = [];
  let end = 0;
  for (const token of tokens(text)) {
    const [word, from, to] = token, terms = [word, ...languages.flatMap(language => stem(token, language))];
    const hit = words.findIndex(own => terms.some(term => own.terms.has(term)));
    if (hit < 0 || to <= end) continue;
    const start = Math.max(from, end);
    if (start > end) found.push([text.slice(end, start), -1]);
    found.push([text.slice(start, to), hit]);
    end = to;
  }
  return [...found, [text.slice(end), -1]];
};
const LENGTH = 180;  // characters of a snippet
/* Return the part of a text with the most words of the query, in pieces. */
const snippet = (text, words, languages) => {
  const all = pieces(text.replaceAll("\n", " "), words, languages);
  let at = 0, best = { count: 0, from: 0 };
  const hits = [];
  for (const [part, hit] of all) {
    if (hit >= 0) hits.push([at, hit]);
    at += part.length;
  }
  for (const [from] of hits) {
    const near = hits.filter(([start]) => start >= from && start < from + LENGTH - 40);
    const count = new Set(near.map(([, hit]) => hit)).size;
    if (count > best.count) best = { count, from };
  }
  const whole = all.map(([part]) => part).join("");
  let from = Math.max(0, best.from - 40), to = Math.min(whole.length, from + LENGTH);
  if (from) from = Math.min(best.from, whole.indexOf(" ", from) + 1 || from);
  if (to < whole.length) to = Math.max(from + 1, whole.lastIndexOf(" ", to));
  const shown = [];
  at = 0;
  for (const [part, hit] of all) {
    const kept = part.slice(Math.max(0, from - at), Math.max(0, to - at));
    if (kept) shown.push([kept, hit]);
    at += part.length;
  }
  if (from) shown.unshift(["… ", -1]);
  if (to < whole.length) shown.push([" …", -1]);
  return { count: best.count, shown };
};

/* Return the number of briefs that a query finds, and the first `n` with their snippets. `open` is
   true if a phrase may be in more of them. */
slugline.find = async (query, { year, ...filters }, n) => {
  const index = await load("index"), languages = index.languages;
  if (tokens(query).length) await loadStemmers(languages);
  const { words, phrases } = parse(query, index);
  const years = index.years.filter(([name]) => !year || name === year);
  const special = Object.entries(filters).map(([name, value]) => ({ terms: new Set([`${name}:${value}`]) }));
  const groups = await Promise.all([...words, ...special].map(word => briefsOf(years, word)));
  const total = years.reduce((sum, [, , , count]) => sum + count, 0);
  const ids = rank(groups.slice(0, words.length), groups.slice(words.length), total);
  const found = [];
  let seen = 0;
  while (found.length < n && seen < ids.length) {
    const some = ids.slice(seen, seen += n);
    for (const brief of await Promise.all(some.map(id => documentOf(id, index, years))))
      if (await saysAll(brief, phrases, languages)) found.push(brief);
  }
  const briefs = await Promise.all(found.slice(0, n).map(async brief => {
    let part = snippet(brief.text, words, languages);
    if (!part.count) part = snippet(brief.standfirst, words, languages);
    if (!part.count && words.length) part = snippet(await brief.whole(), words, languages);
    if (!part.count && brief.standfirst) part = snippet(brief.standfirst, words, languages);
    return {
      path: brief.path, date: brief.date, language: languageOf(brief.lang, index), section: sectionOf(brief.section, index),
      title: pieces(brief.title, words, languages), text: part.shown,
    };
  }));
  const open = phrases.length > 0 && seen < ids.length;
  return { count: phrases.length ? found.length : ids.length, open, briefs };
};

/* --- Stemmers: Snowball's rules as lists in JSON, translated from the generated Python by
   builder/search/javascript.py. Each becomes a function of a call's local values. --- */

const stemmer = rules => {
  const s = { ...rules.fields }, call = {}, tables = {};
  const block = nodes => {
    const steps = nodes.map(compile);
    return own => {  // a truth value returns; a text breaks, continues or fails at a label
      for (const step of steps) {
        const signal = step(own);
        if (signal !== undefined) return signal;
      }
    };
  };
  const forms = {
    ".": name => () => s[name],
    "$": name => own => own[name],
    "@": name => () => tables[name],
    do: node => { const run = compile(node); return own => { run(own); }; },
    return: node => compile(node),
    set: ([kind, name], node) => {
      const value = compile(node);
      return kind === "." ? own => { s[name] = value(own); } : own => { own[name] = value(own); };
    },
    if: (test, then, other = []) => {
      const holds = compile(test), yes = block(then), no = block(other);
      return own => (holds(own) ? yes : no)(own);
    },
    loop: body => {
      const turn = block(body);
      return own => {
        for (let signal; ;) {
          if ((signal = turn(own)) === "break") return;
          if (signal !== undefined && signal !== "continue") return signal;
        }
      };
    },
    times: (n, body) => block(Array(n).fill(["if", true, body])),
    try: (label, body) => {
      const run = block(body);
      return own => { const signal = run(own); if (signal !== label) return signal; };
    },
    or: (a, b) => { const [x, y] = [a, b].map(compile); return own => x(own) || y(own); },
  };
  const operators = {
    "+": (a, b) => a + b, "-": (a, b) => a - b, "==": (a, b) => a === b, "!=": (a, b) => a !== b,
    "<": (a, b) => a < b, "<=": (a, b) => a <= b, ">": (a, b) => a > b, ">=": (a, b) => a >= b,
    "[]": (a, b) => a[b], not: a => !a, len: a => a.length,
  };
  const compile = node => {
    if (!Array.isArray(node)) return () => node;
    const [name, ...rest] = node;
    if (forms[name]) return forms[name](...rest);
    const [a, b, c] = rest.map(compile), run = operators[name];
    if (run) return b ? own => run(a(own), b(own)) : own => run(a(own));
    return own => call[name](a?.(own), b?.(own), c?.(own));
  };
  for (const back of [0, 1]) {
    const after = back ? "_b" : "", way = back ? -1 : 1;
    const inside = () => back ? s.cursor > s.limit_backward : s.cursor < s.limit;
    const part = (at, n) => back ? s.current.slice(Math.max(at - n, s.limit_backward), at)
      : s.current.slice(at, Math.min(at + n, s.limit));
    for (const out of [false, true]) {
      const name = `${out ? "out" : "in"}_grouping${after}`;
      call[name] = set => inside() && set.includes(s.current[s.cursor - back]) !== out
        && (s.cursor += way, true);
      call[`go_${name}`] = set => { while (call[name](set)); return inside(); };
    }
    call[`eq_s${after}`] = text => part(s.cursor, text.length) === text
      && (s.cursor += way * text.length, true);
    call[`find_among${after}`] = ({ longest, results }) => {
      const at = s.cursor;
      for (let n = longest; n >= 0; n--) {
        const key = part(at, n), found = key.length === n && results.get(key);
        if (!found) continue;
        s.cursor = at + way * n;
        if (found[1] && !call[found[1]]()) continue;
        s.cursor = at + way * n;
        return found[0];
      }
      return 0;
    };
  }
  const replace = (from, to, text) => {
    const more = text.length - (to - from);
    s.current = s.current.slice(0, from) + text + s.current.slice(to);
    s.limit += more;
    s.cursor = s.cursor >= to ? s.cursor + more : Math.min(s.cursor, from);
    return more;
  };
  call.slice_from = text => { replace(s.bra, s.ket, text); s.ket = s.bra + text.length; };
  call.slice_del = () => call.slice_from("");
  call.slice_to = () => s.current.slice(s.bra, s.ket);
  call.insert = (from, to, text) => {
    const more = replace(from, to, text);
    if (from <= s.bra) s.bra += more;
    if (from <= s.ket) s.ket += more;
  };
  for (const [name, table] of Object.entries(rules.tables)) {
    const keys = Object.keys(table);
    tables[name] = typeof table === "string" || Array.isArray(table) ? table : {
      longest: Math.max(...keys.map(key => key.length)),
      results: new Map(keys.map(key => [key, [table[key]].flat()])),
    };
  }
  for (const [name, body] of Object.entries(rules.routines)) {
    const run = block(body);
    call[name] = () => run({});
  }
  return word => {
    Object.assign(s, { current: word, cursor: 0, limit: word.length, limit_backward: 0 });
    Object.assign(s, { bra: 0, ket: word.length });
    call.stem();
    return s.current;
  };
};
Object.assign(slugline, { stemmer, stemWith, postings, shardOf, snippet });  // for tests
})();
