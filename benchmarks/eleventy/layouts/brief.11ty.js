import { briefPage } from "../html.js";

export function render(data) {
	return briefPage(data.page.url, data.content);
}
