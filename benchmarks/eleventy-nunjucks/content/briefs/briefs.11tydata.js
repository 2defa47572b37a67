export default { layout: "layouts/brief.njk", eleventyExcludeFromCollections: false };
