import rss from "@astrojs/rss";
import { getCollection } from "astro:content";

export async function GET(context) {
  const posts = await getCollection("blog", ({ data }) => !data.draft);
  return rss({
    title: "Old Astro",
    description: "Old",
    site: context.site,
    items: posts.map((post) => ({ ...post.data, link: `/blog/${post.id}/` })),
  });
}
