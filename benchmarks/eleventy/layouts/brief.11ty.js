import { briefPage } from "../brief.js";

export function render(data) {
	return briefPage(data.page.url, data.content);
}
