// The style sheet and the icon, at addresses that change with what they hold.
import { readFileSync } from "node:fs";
import { createHash } from "node:crypto";

function fingerprinted(config, name, type) {
	const digest = createHash("sha256").update(readFileSync(`assets/${name}.${type}`)).digest("hex");
	const address = `${name}.${digest.slice(0, 16)}.${type}`;
	config.addPassthroughCopy({ [`assets/${name}.${type}`]: address });
	return `/${address}`;
}

/** Have them copied; their addresses. */
export function copyFiles(config) {
	return { style: fingerprinted(config, "style", "css"), icon: fingerprinted(config, "icon", "svg") };
}
