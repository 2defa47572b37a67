// Parts that stand on many pages; each is made once for each brief.
import { card, report } from "../card.js";

export default function (config) {
	config.addShortcode("card", card);
	config.addShortcode("report", report);
}
