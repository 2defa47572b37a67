import { ABOUT, ABOUTS, BASE, COPYRIGHT, FED, RECENT, SITE, TAGLINE } from "../facts.js";

export default {
	title: SITE,
	tagline: TAGLINE,
	description: ABOUT,
	abouts: ABOUTS,
	url: BASE,
	copyright: COPYRIGHT,
	fed: FED,
	recent: RECENT,
};
