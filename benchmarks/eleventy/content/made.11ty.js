// All pages and feeds that are made of others.
import { made } from "../html.js";

export const data = {
	pagination: { data: "collections.made", size: 1, alias: "address" },
	permalink: ({ address }) => (address.endsWith("/") ? `${address}index.html` : address),
	eleventyExcludeFromCollections: true,
};

export function render({ address }) {
	return made.get(address)();
}
