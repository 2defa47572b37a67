// Parts that stand on many pages; each is made once for each brief.
import { card } from "../card.js";

export default function (config) {
	config.addShortcode("card", card);
}
