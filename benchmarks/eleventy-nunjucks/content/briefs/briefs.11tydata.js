export default { layout: "layouts/brief.njk", tags: "brief", eleventyExcludeFromCollections: false };
