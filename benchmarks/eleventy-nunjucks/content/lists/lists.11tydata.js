export default { permalink: ({ list }) => list.url };
