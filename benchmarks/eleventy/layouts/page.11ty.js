import { plainPage } from "../html.js";

export function render(data) {
	return plainPage(data, data.content);
}
