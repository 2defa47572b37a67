export default { layout: "brief.11ty.js" };
