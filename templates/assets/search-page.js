/* The search page: all results of a query, with filters. Its address has the query, so the back
   button works. */
"use strict";
(() => {
const { address, counted, findBriefs, findNames, load, make, marked, nameLine } = slugline;
const form = document.getElementById("search-page");
// A site without names and briefs has no A–Z.
const [results, index] = ["results", "a-to-z"].map(id => document.getElementById(id) ?? make("div"));
const status = make("p", { role: "status" }), names = make("ul", { class: "found-names" });
const list = make("ol", { class: "found-briefs" }), more = make("button", { type: "button" }, form.dataset.more);
const day = { dateStyle: "medium", timeZone: "UTC" };
const briefItem = ({ path, date, language, section, title, text }) => make("article", { class: "story" },
  make("p", { class: "label" }, section && make("b", section.language, section.name),
    make("time", { datetime: date }, new Date(date).toLocaleDateString(document.documentElement.lang, day))),
  make("h2", language || {}, make("a", { href: address(path) }, ...marked(title))),
  make("p", { class: "summary", ...language }, ...marked(text)));
let turn = 0, most;
const asked = () => new URLSearchParams([...new FormData(form)].filter(([, value]) => value.trim()));
const search = async (n = 10) => {
  const mine = ++turn, query = asked(), { q = "", ...filters } = Object.fromEntries(query);
  most = n;
  results.hidden = !q && Object.keys(filters).every(name => name === "year");
  index.hidden = !results.hidden;
  if (results.hidden) return;
  try {
    const known = await load("names");
    for (const kind of ["company", "publisher"]) if (filters[kind])
      filters[kind] = findNames(known, filters[kind], kind)[0]?.slug ?? "-";
    if (mine !== turn) return;
    names.replaceChildren(...findNames(known, q).slice(0, 6).map(name => make("li", {}, nameLine(name))));
    const { count, open, briefs } = await findBriefs(q, filters, n);
    if (mine !== turn) return;
    status.textContent = counted(count, open);
    list.replaceChildren(...briefs.map(brief => make("li", {}, briefItem(brief))));
    more.hidden = !open && count <= n;
  } catch {
    status.textContent = form.dataset.failed;
    list.replaceChildren();
    more.hidden = true;
    index.hidden = false;
  }
};
const read = n => {
  const query = new URLSearchParams(location.search);
  for (const field of form.elements) {
    if (field.type === "checkbox") field.checked = query.has(field.name);
    else if (field.name) field.value = query.get(field.name) ?? "";
  }
  search(n ?? undefined);
};
const keep = (way, state) => {
  try {
    history[way](state, "", `?${asked()}`);
  } catch { /* From disk, some browsers keep the address. */ }
};
form.addEventListener("submit", event => {
  event.preventDefault();
  keep("pushState", null);
  search();
});
form.addEventListener("input", () => {
  const mine = ++turn;
  setTimeout(() => { if (mine === turn) keep("replaceState", null), search(); }, 200);
});
more.addEventListener("click", () => { keep("replaceState", most + 10); search(most + 10); });
addEventListener("popstate", () => read(history.state));
for (const field of [form.company, form.publisher]) field.addEventListener("input", async () => {
  const found = findNames(await load("names"), field.value, field.name).slice(0, 8);
  field.list.replaceChildren(...found.map(({ name }) => make("option", { value: name })));
});
form.querySelector("fieldset").hidden = false;
results.append(
  make("div", { class: "band" }, names),
  make("div", { class: "band" }, status, make("div", {}, list, more)),
);
read(history.state);
})();
