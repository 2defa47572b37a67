export default { layout: "page.11ty.js", permalink: (data) => `/${data.page.fileSlug}/` };
