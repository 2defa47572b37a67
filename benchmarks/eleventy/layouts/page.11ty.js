import { plainPage } from "../brief.js";

export function render(data) {
	return plainPage(data, data.content);
}
