/* Searches the site: names at once, then briefs by full text. All data is JSON in files of
   /search/, which load with the first letter; nothing of it is evaluated. */
"use strict";
(() => {

/* --- Data: `slugline(JSON);` is fetched, or from disk loaded as a script. --- */

let received;
const slugline = globalThis.slugline = value => { received = value; };
const form = globalThis.document?.querySelector("form[role=search]");
// Of the edition: all share the script.
const home = globalThis.document && new URL("../", form?.action ?? document.currentScript.src);
const local = globalThis.location?.protocol === "file:";
const address = path => {
  const url = new URL(path.slice(1), home);
  if (local && url.pathname.endsWith("/")) url.pathname += "index.html";
  return url;
};
const loaded = {};
const load = (name, absent) => loaded[name] ??= get(address(`/search/${name}.js`), absent).catch(error => {
  delete loaded[name];
  throw error;
});
const get = async (url, absent) => {
  if (!local) {
    const answer = await fetch(url);
    if (answer.status === 404 && absent) return absent;
    if (!answer.ok) throw Error(answer.status);
    const text = await answer.text();
    return JSON.parse(text.slice(text.indexOf("(") + 1, text.lastIndexOf(")")));
  }
  received = absent;
  await run(make("script", { src: url })).catch(error => { if (!absent) throw error; });
  return received;
};
const run = script => new Promise((resolve, reject) => {
  if (local) script.removeAttribute("integrity");  // which it cannot be compared with
  script.onload = resolve;
  script.onerror = reject;
  document.head.append(script);
});

/* --- Words: as the index has them (builder/search/words.py). --- */

const points = "\\u0591-\\u05bd\\u05bf\\u05c1\\u05c2\\u05c4\\u05c5\\u05c7\\u0610-\\u061a\\u064b-\\u065f\\u0670\\u06d6-\\u06dc\\u06df-\\u06e4\\u06e7\\u06e8\\u06ea-\\u06ed";
const letter = `[\\p{L}\\p{N}\\u0300-\\u036f\\u0483-\\u0487${points}\\u0900-\\u0963\\u0966-\\u0dff\\u0e31\\u0e34-\\u0e3a\\u0e47-\\u0e4e\\u0eb1\\u0eb4-\\u0ebc\\u0ec8-\\u0ecd\\u1000-\\u1049\\u1780-\\u17d3\\u3099\\u309a]`;
const written = RegExp(`\\d+(?:[.,]\\d+)+${letter}*|[a-z](?:\\+\\+|#)(?!${letter})|${letter}+`, "giu");
const runs = /([\u0e01-\u0e4e\u0e80-\u0ecd\u1000-\u1049\u1780-\u17d3\u3041-\u3096\u3099\u309a\u309d-\u30fa\u30fc-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u{20000}-\u{3ffff}]+)/u;
const unspaced = text => text.search(runs) === 0;  // in a script without spaces between words
const accents = RegExp(`[\\u0300\\u0301\\u0640${points}]|(?<![\\u0400-\\u04ff])[\\u0302-\\u036f]`, "gu");
const plain = { æ: "ae", œ: "oe", ß: "ss", þ: "th", ð: "d", đ: "d", ø: "o", ł: "l", ħ: "h", ŧ: "t", ŋ: "n", ı: "i", ς: "σ", ё: "е", ",": "" };
const fold = word => word.toLowerCase().normalize("NFKD").toLowerCase().replace(accents, "")
  .normalize("NFC").replace(/[^a-z0-9]/g, sign => plain[sign] ?? sign);
/* Return each word with its place and spelling: `[word, from, to, spelled]`; pairs of signs where no
   spaces part words. */
const tokens = text => {
  const found = [];
  for (const { 0: word, index } of text.matchAll(written)) {
    const folded = fold(word), same = folded.length === word.length;
    let at = 0;
    const add = (part, length, spelled = part) => found.push([part, index + (same && at), index + (same ? at + length : word.length), spelled]);
    // What a sign stands for may be several words: `½`.
    const parts = /^[\0-\x7f]*$/.test(word) ? [folded] : folded.match(written) ?? [];
    parts.flatMap(part => part.split(runs).map((run, n) => [run, n])).forEach(([part, n]) => {
      const signs = [...part];
      if (n % 2 && signs.length > 1) {
        for (let k = 1; k < signs.length; at += signs[k++ - 1].length)
          add(signs[k - 1] + signs[k], signs[k - 1].length + signs[k].length);
        at += signs.at(-1).length;
      } else if (part) {
        add(signs.slice(0, 32).join(""), part.length, part === folded && part !== word ? word.normalize("NFKC").toLowerCase() : undefined);
        at += part.length;
      }
    });
  }
  return found.filter(([word]) => word !== "s");
};
const words = text => tokens(text).map(([word]) => word);

/* --- Names: the best match first, then by the digits of the number of briefs. --- */

const split = Object.create(null);
const findNames = ({ kinds, names }, query, only) => {
  const asked = words(query), whole = asked.join(" "), joined = asked.join("");
  const rank = name => {
    const parts = split[name] ??= words(name), key = parts.join(" ");
    if (key === whole) return 0;
    if (key.startsWith(whole) || parts.join("").startsWith(joined)) return 2;
    const begins = asked.every(word => parts.some(part => part.startsWith(word)));
    return begins || unspaced(joined) && parts.join("").includes(joined) ? 3 : 9;
  };
  const found = [];
  for (const [name, kind, slug, count, others = [], lang] of joined ? names : []) {
    if (only && kinds[kind][0] !== only) continue;
    let best = rank(name), also = "";
    for (const other of others) {
      const its = [1, , 4, 5][rank(other)];
      if (its < best) [best, also] = [its, other];
    }
    if (best === 9) continue;
    const own = slug || name.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "");
    found.push({ name, lang, also, count, best, slug: own, kind: kinds[kind][1], path: `${kinds[kind][2]}${own}/` });
  }
  return found.sort((a, b) => a.best - b.best || b.count - a.count);
};

/* --- Briefs: by full text, in a script of its own. --- */

const [text, page] = form?.querySelector("template").content.children ?? [];
let finder;
const findBriefs = async (...query) => {
  await (finder ??= run(text.cloneNode()).catch(error => { finder = undefined; throw error; }));
  return slugline.find(...query);
};

/* --- What readers see. --- */

const make = (tag, attributes = {}, ...children) => {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
};
const language = form?.closest("[lang]").lang;
const counted = (n, open) => {
  if (!n) return form.dataset.none;
  const forms = JSON.parse(form.dataset.count), number = n.toLocaleString(language);
  const kind = open ? "other" : new Intl.PluralRules(language).select(n);
  return (forms[kind] ?? forms.other).replace("{n}", number + (open ? "+" : ""));
};
const marked = pieces => pieces.map(([text, hit]) => hit < 0 ? text : make("mark", {}, text));
const nameLine = ({ name, lang, also, kind, path }, attributes) =>
  make("a", { href: address(path), ...attributes }, make("b", {}, make("bdi", lang && { lang }, name)), " ", make("bdi", {}, also),
    make("span", {}, kind));

const briefLine = ({ path, title, text, language }) => make("a", { href: address(path), ...language },
  make("b", {}, ...marked(title)), make("p", {}, ...marked(text)));

/* The box in the masthead: a combobox with a list (WAI-ARIA Authoring Practices). */
const box = () => {
  const input = form.q, all = address("/search/");
  const list = make("div", { id: "search-list", role: "listbox", hidden: "" });
  const status = make("p", { class: "hidden", role: "status" });
  let turn = 0, options = [], active = -1;
  const choose = n => {
    options[active]?.setAttribute("aria-selected", false);
    active = n;
    options[n]?.setAttribute("aria-selected", true);
    options[n]?.scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", options[n]?.id ?? "");
  };
  const show = open => {
    list.hidden = !open;
    input.setAttribute("aria-expanded", open);
    if (!open) choose(-1);
  };
  const fill = (...found) => {
    const last = make("a", { href: all, class: "all" }, form.dataset.all);
    options = [...found, last];
    options.forEach((option, n) => {
      for (const [name, value] of [["role", "option"], ["id", `search-option-${n}`], ["tabindex", -1], ["aria-selected", n === active]])
        option.setAttribute(name, value);
    });
    list.replaceChildren(...options);
    show(true);
  };
  const search = async () => {
    const mine = ++turn, query = input.value.trim();
    let names = [];
    all.search = new URLSearchParams({ q: query });
    if (!query) return show(false);
    try {
      names = findNames(await load("names"), query).slice(0, 5).map(nameLine);
      if (mine !== turn) return;
      choose(-1);
      fill(...names);
      await new Promise(resolve => setTimeout(resolve, 150));
      const { briefs } = mine === turn ? await findBriefs(query, {}, 5) : {};
      if (mine !== turn) return;
      fill(...names, ...briefs.map(briefLine));
      status.textContent = counted(names.length + briefs.length);
    } catch {
      if (mine !== turn) return;
      fill(...names, make("a", { href: address("/search/") }, form.dataset.failed));
      status.textContent = form.dataset.failed;
    }
  };
  const keys = {
    ArrowDown: () => choose(active + 1 < options.length ? active + 1 : -1),
    ArrowUp: () => choose(active >= 0 ? active - 1 : options.length - 1),
    Enter: () => options[active].click(),
    Escape: () => list.hidden ? input.value = "" : show(false),
  };
  input.addEventListener("input", search);
  input.addEventListener("keydown", event => {
    const { key } = event;
    if (!keys[key] || event.isComposing || list.hidden && key !== "Escape" && key !== "ArrowDown") return;
    if (key === "Enter" && active < 0) return;
    event.preventDefault();
    if (list.hidden && key === "ArrowDown") search();
    else keys[key]();
  });
  list.addEventListener("pointerdown", event => event.preventDefault());
  form.addEventListener("focusout", () => { turn++; show(false); });
  for (const [name, value] of Object.entries({
    role: "combobox", "aria-autocomplete": "list", "aria-controls": list.id, "aria-expanded": false,
  })) input.setAttribute(name, value);
  list.setAttribute("aria-label", form.dataset.suggestions);
  form.append(list, status);
  if (input.value) search();
};

Object.assign(slugline, {
  address, counted, findBriefs, findNames, load, make, marked, nameLine, tokens, unspaced, words, fold,
});
if (form) {
  if (page) run(page);
  else box();
}
})();
