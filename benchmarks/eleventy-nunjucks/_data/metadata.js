import { ABOUT, BASE, COPYRIGHT, SITE, TAGLINE } from "../facts.js";

export default {
	title: SITE,
	tagline: TAGLINE,
	description: ABOUT,
	url: BASE,
	copyright: COPYRIGHT,
};
