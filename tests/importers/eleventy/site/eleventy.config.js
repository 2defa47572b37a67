import { feedPlugin } from "@11ty/eleventy-plugin-rss";

export default function (config) {
  config.addPassthroughCopy("img");
  config.addPlugin(feedPlugin, {
    type: "atom",
    outputPath: "/feed.xml",
    collection: { name: "posts", limit: 0 },
    metadata: {
      language: "en",
      title: "Old Eleventy",
      subtitle: "",
      base: "https://old.example/",
      author: { name: "Jo Example" },
    },
  });
}
